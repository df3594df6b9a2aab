"""Whole stories, as they happen to people: over HTTP, with the links from real mails."""

import re

from app.extensions import db
from app.models import Post, Role, User


def _link(message) -> str:
    """Return the path of the one link in a mail."""
    (link,) = set(re.findall(r"http://localhost:5000(/\S+)", message.body))
    return link


def _user(name: str) -> User:
    return db.session.query(User).filter_by(username=name).one()


def _register(client, name: str, password: str = "cat"):
    form = {
        "email": f"{name}@example.com",
        "username": name,
        "password": password,
        "password2": password,
    }
    return client.post("/auth/register", data=form, follow_redirects=True)


def test_a_new_person_registers_confirms_and_writes(client, outbox):
    assert "A confirmation email has been sent" in _register(client, "dora").text
    (mail,) = outbox
    assert mail.recipients == ["dora@example.com"]

    client.log_in(_user("dora"))
    assert client.get("/").location == "/auth/unconfirmed"
    assert "You have not confirmed your account yet." in client.get("/auth/unconfirmed").text
    page = client.get(_link(mail), follow_redirects=True)
    assert "You have confirmed your account. Thanks!" in page.text
    assert "Hello, dora!" in page.text

    client.post("/", data={"body": "My *first* post"})
    assert "<p>My <em>first</em> post</p>" in client.get("/user/dora").text


def test_a_link_that_is_opened_before_signing_in_still_works(client, outbox):
    _register(client, "dora")
    there = client.get(_link(outbox[0]))
    assert there.location.startswith("/auth/login?next=%2Fauth%2Fconfirm%2F")
    form = {"email": "dora@example.com", "password": "cat"}
    page = client.post(there.location, data=form, follow_redirects=True)
    assert "You have confirmed your account. Thanks!" in page.text


def test_two_people_meet(browser_of, ann, bob):
    anns, bobs = browser_of(ann), browser_of(bob)
    anns.post("/", data={"body": "Is anybody here?"})
    assert "You are now following ann." in bobs.post("/follow/ann", follow_redirects=True).text
    bobs.post("/followed")
    assert "Is anybody here?" in bobs.get("/").text
    path = f"/post/{db.session.query(Post).one().id}"
    page = bobs.post(path, data={"body": "I am!"}, follow_redirects=True)
    assert "Your comment has been published." in page.text
    assert "I am!" in anns.get(path).text
    assert "Follows you" in anns.get("/user/bob").text


def test_a_moderator_hides_a_comment_and_brings_it_back(
    client, browser_of, ann, bob, moderator, make_post, make_comment
):
    post = make_post(author=ann)
    comment = make_comment("something rude", author=bob, post=post)
    browser = browser_of(moderator)
    page = browser.post(f"/moderate/disable/{comment.id}?page=1", follow_redirects=True)
    assert "something rude" in page.text
    for reader in (client, browser_of(ann), browser_of(bob), browser):
        text = reader.get(f"/post/{post.id}").text
        assert "This comment has been disabled by a moderator." in text
        assert "something rude" not in text
    browser.post(f"/moderate/enable/{comment.id}")
    assert "something rude" in client.get(f"/post/{post.id}").text


def test_an_administrator_makes_a_moderator(browser_of, ann, administrator):
    anns = browser_of(ann)
    assert anns.get("/moderate").status_code == 403
    form = {"email": ann.email, "username": "ann", "confirmed": "y", "name": "Ann"}
    form["role"] = Role.named("Moderator").id
    browser_of(administrator).post(f"/edit-profile/{ann.id}", data=form)
    assert anns.get("/moderate").status_code == 200
    assert "Moderate Comments" in anns.get("/").text


def test_a_forgotten_password_is_replaced_and_everybody_else_is_out(app, browser_of, ann, outbox):
    elsewhere = browser_of(ann, remember_me="y")
    client = app.test_client()
    client.post("/auth/reset", data={"email": "ANN@example.com"})
    link = _link(outbox[0])
    client.post(link, data={"password": "a new one", "password2": "a new one"})
    assert "Hello, Stranger!" in elsewhere.get("/").text
    assert client.log_in(ann).status_code == 200
    assert client.log_in(ann, "a new one").status_code == 302
    assert outbox[1].subject == "[Flasky] Your Password Was Changed"
    again = app.test_client().get(link, follow_redirects=True)
    assert "The reset link is invalid or has expired." in again.text


def test_an_account_moves_to_another_address(browser_of, ann, outbox):
    browser = browser_of(ann)
    browser.post("/auth/change_email", data={"email": "new@example.com", "password": "cat"})
    assert outbox[0].recipients == ["new@example.com"]
    page = browser.get(_link(outbox[0]), follow_redirects=True)
    assert "Your email address has been updated." in page.text
    assert outbox[1].recipients == ["ann@example.com"]
    assert "new@example.com" in outbox[1].body
    assert ann.email == "new@example.com"


def test_who_leaves_takes_everything_along(client, browser_of, ann, bob, make_post, make_comment):
    anns_post = make_post("by ann", author=ann)
    bobs_post = make_post("by bob", author=bob)
    make_comment("under ann's", author=bob, post=anns_post)
    make_comment("ann says", author=ann, post=bobs_post)
    browser_of(bob).post("/follow/ann")
    browser = browser_of(ann)
    page = browser.post("/auth/delete-account", data={"password": "cat"}, follow_redirects=True)
    assert "have been deleted" in page.text
    assert client.get("/user/ann").status_code == 404
    assert "ann says" not in client.get(f"/post/{bobs_post.id}").text
    assert "0 Comments" in client.get("/").text
    profile = client.get("/user/bob").text
    assert "1 blog posts. 0 comments." in profile
    assert (bob.followed_count, bob.comment_count) == (0, 0)


def test_the_administrators_address_brings_the_role_once_it_is_confirmed(app, client, outbox):
    app.config["FLASKY_ADMIN"] = "Boss@Example.com"
    _register(client, "boss")
    assert _user("boss").role.name == "User"
    client.log_in(_user("boss"))
    client.get(_link(outbox[0]))
    assert _user("boss").role.name == "Administrator"
    assert client.get(f"/edit-profile/{_user('boss').id}").status_code == 200
    assert outbox[-1].subject == "[Flasky] New User"
    assert outbox[-1].recipients == ["Boss@Example.com"]
    assert outbox[-1].body.startswith("Dear boss,")
