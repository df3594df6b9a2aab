"""Profiles and editing them (contract C, main; E, user and edit_profile; K6)."""

from datetime import datetime

import pytest

from app.extensions import db
from app.models import Follow, Role, User
from tests.web.page import Page, fields_of


def test_a_profile_shows_who_somebody_is(client, john, make_post, make_comment):
    make_comment(author=john, post=make_post("Mine", author=john))
    page = Page.of(client.get("/user/John"))
    assert (page.title, page.heading) == ("Flasky - John", "John")
    assert page.first("img", width="256")["height"] == "256"
    assert "John Doe" in page.text
    assert "from São Paulo & more" in page.text
    assert page.link("São Paulo & more").startswith("https://")
    assert page.link("São Paulo & more").endswith("S%C3%A3o%20Paulo%20%26%20more")
    assert "I write. <b>Much</b>" in page.text
    assert "1 blog posts. 1 comments." in page.text
    since, seen = page.all("time")[:2]
    assert (since["datetime"], since["data-moment"], since["data-format"]) == (
        "2024-02-03T04:05:00Z",
        "format",
        "L",
    )
    assert (seen["datetime"], seen["data-moment"]) == ("2024-03-04T05:06:00Z", "fromNow")
    assert "Member since" in page.text
    assert "Last seen" in page.text
    assert "Posts by John" in page.texts("h3")
    assert page.texts("div", class_="post-body") == ["Mine"]


def test_only_administrators_see_the_address(client, browser_of, john, moderator, administrator):
    assert "john@example.com" not in client.get("/user/John").text
    for user in (john, moderator):
        assert "john@example.com" not in browser_of(user).get("/user/John").text
    page = Page.of(browser_of(administrator).get("/user/John"))
    assert page.link("john@example.com") == "mailto:john@example.com"


def test_names_are_found_in_their_exact_case_only(client, john):
    assert client.get("/user/john").status_code == 404
    assert client.get("/user/nobody").status_code == 404


def test_somebody_elses_posts_are_not_listed(client, john, make_post):
    make_post("By another")
    assert "By another" not in client.get("/user/John").text


def test_posts_are_paged_newest_first(app, client, john, make_post):
    app.config["FLASKY_POSTS_PER_PAGE"] = 2
    for number in range(3):
        make_post(f"Post {number}", author=john, timestamp=datetime(2024, 1, number + 1))

    def bodies(path):
        return Page.of(client.get(path)).texts("div", class_="post-body")

    assert bodies("/user/John") == ["Post 2", "Post 1"]
    assert bodies("/user/John?page=2") == ["Post 0"]
    assert bodies("/user/John?page=x") == ["Post 2", "Post 1"]
    assert bodies("/user/John?page=9") == []
    hrefs = [link["href"] for link in Page.of(client.get("/user/John")).all("a", rel="next")]
    assert hrefs[0].startswith("/user/John?page=2")


def test_followers_are_counted_without_oneself(client, john, ann, bob):
    for user in (ann, bob):
        user.follow(john)
    john.follow(ann)
    page = Page.of(client.get("/user/John"))
    assert page.link("Followers: 2") == "/followers/John"
    assert page.link("Following: 1") == "/followed_by/John"


def test_a_stranger_sees_no_buttons(client, john):
    page = Page.of(client.get("/user/John"))
    assert page.buttons == []
    assert "Edit Profile" not in page.text


def test_others_can_follow_and_see_who_follows_them(browser_of, john, ann):
    browser = browser_of(ann)
    page = Page.of(browser.get("/user/John"))
    assert "Follow" in page.buttons
    assert "Follows you" not in page.text
    ann.follow(john)
    john.follow(ann)
    page = Page.of(browser.get("/user/John"))
    assert "Unfollow" in page.buttons
    assert "Follow" not in page.buttons
    assert "Follows you" in page.text


def test_nobody_is_offered_to_follow_themselves(browser_of, john):
    page = Page.of(browser_of(john).get("/user/John"))
    assert not {"Follow", "Unfollow"} & set(page.buttons)
    assert "Follows you" not in page.text
    assert page.link("Edit Profile") == "/edit-profile"
    assert "Edit Profile [Admin]" not in page.links


def test_without_the_permission_there_is_no_follow_button(browser_of, john, ann):
    ann.role.remove_permission(1)
    assert "Follow" not in Page.of(browser_of(ann).get("/user/John")).buttons


def test_administrators_are_offered_to_edit_anybody(browser_of, john, administrator):
    def offers(path):
        page = Page.of(browser_of(administrator).get(path))
        return page.first("header", class_="profile").texts("a", class_="button")

    assert offers("/user/John") == ["Edit Profile [Admin]"]
    assert offers("/user/adm") == ["Edit Profile", "Edit Profile [Admin]"]


def test_the_self_follow_is_no_relation_to_show(client, john):
    assert db.session.query(Follow).count() == 1
    assert "Followers: 0" in Page.of(client.get("/user/John")).text


# --- Accounts made in code --------------------------------------------------------------------


@pytest.fixture
def nameless(app):
    """A user with neither name nor address, who has written and followed all the same."""
    user = User(confirmed=True)
    db.session.add(user)
    db.session.commit()
    return user


def test_pages_cope_with_people_without_a_name(
    client, browser_of, administrator, ann, nameless, make_post, make_comment
):
    post = make_post(author=nameless)
    make_comment(author=nameless, post=post)
    make_comment(author=None, post=post)
    nameless.follow(ann)
    ann.follow(nameless)
    for path in ("/", f"/post/{post.id}", "/followers/ann", "/followed_by/ann"):
        page = Page.of(client.get(path))
        assert "Someone" in page.text, path
    browser = browser_of(administrator)
    for path in ("/moderate", f"/edit-profile/{nameless.id}", f"/post/{post.id}/delete"):
        assert browser.get(path).status_code == 200, path


def test_a_person_without_a_name_can_look_around(app, nameless, client):
    nameless.start_session()
    with client.session_transaction() as session:
        session["_user_id"] = nameless.get_id()
    assert Page.of(client.get("/")).heading == "Hello, Someone!"
    for path in ("/edit-profile", "/auth/change-password", "/auth/sessions", "/appearance"):
        assert client.get(path).status_code == 200, path
    assert client.post("/edit-profile", data={"name": "Somebody"}).location == "/"
    assert Page.of(client.get("/")).heading == "Hello, Somebody!"


# --- Editing one's own ------------------------------------------------------------------------


def test_the_form_holds_what_is_there(browser_of, john):
    page = Page.of(browser_of(john).get("/edit-profile"))
    assert (page.title, page.heading) == ("Flasky - Edit Profile", "Edit Your Profile")
    form = page.form("Submit")
    assert form.texts("label") == ["Real name", "Location", "About me", "Picture"]
    fields = fields_of(form)
    assert (fields["name"], fields["location"]) == ("John Doe", "São Paulo & more")
    assert fields["about_me"] == "I write.\n<b>Much</b>"


def test_a_profile_is_updated_by_its_owner(browser_of, john):
    browser = browser_of(john)
    data = {"name": "J. D.", "location": "", "about_me": "Less."}
    response = browser.post("/edit-profile", data=data)
    assert (response.status_code, response.location) == (302, "/user/John")
    page = Page.of(browser.get("/user/John"))
    assert page.flashes == ["Your profile has been updated."]
    assert "J. D." in page.text
    assert "from" not in page.first("header", class_="profile").text


def test_what_is_too_long_is_said_and_kept(browser_of, john):
    long = "x" * 65
    data = {"name": long, "location": long, "about_me": "About me"}
    response = browser_of(john).post("/edit-profile", data=data)
    assert response.status_code == 200
    page = Page.of(response)
    for field in ("name", "location"):
        assert page.errors(field) == ["Field must be between 0 and 64 characters long."]
    fields = fields_of(page.form("Submit"))
    assert (fields["name"], fields["location"], fields["about_me"]) == (long, long, "About me")
    assert db.session.get(User, john.id).name == "John Doe"


def test_what_somebody_says_about_themselves_has_a_limit_too(browser_of, john):
    response = browser_of(john).post("/edit-profile", data={"about_me": "x" * (8 * 1024 + 1)})
    message = "This is too long by 1 bytes; up to 8 KB are fine."
    assert Page.of(response).errors("about_me") == [message]


def test_an_owner_cannot_promote_or_confirm_themselves(browser_of, john):
    data = {
        "name": "x",
        "role": Role.named("Administrator").id,
        "email": "x@example.com",
        "username": "other",
        "confirmed": "",
        "password": "dog",
        "post_count": "7",
    }
    browser_of(john).post("/edit-profile", data=data)
    user = db.session.get(User, john.id)
    assert (user.role.name, user.email, user.username) == ("User", "john@example.com", "John")
    assert (user.confirmed, user.post_count, user.name) == (True, 0, "x")
