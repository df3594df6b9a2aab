"""Closing one's own account (issue 2; K6, K15)."""

from app.extensions import db
from app.models import Comment, Post, User, UserSession
from tests.web.page import Page


def test_the_page_warns_and_asks_for_the_password(browser_of, ann):
    page = Page.of(browser_of(ann).get("/auth/delete-account"))
    assert page.title == "Flasky - Delete Account"
    assert "This cannot be undone." in page.text
    assert page.texts("label") == ["Password"]


def test_with_the_password_everything_of_the_person_goes(
    browser_of, ann, bob, make_post, make_comment
):
    make_comment(author=bob, post=make_post(author=ann))
    make_comment(author=ann, post=make_post(author=bob))
    browser, other_device = browser_of(ann), browser_of(ann)
    response = browser.post("/auth/delete-account", data={"password": "cat"})
    assert (response.status_code, response.location) == (302, "/")
    page = Page.of(browser.get("/"))
    assert page.flashes == ["Your account and everything you wrote here have been deleted."]
    assert page.heading == "Hello, Stranger!"
    assert Page.of(other_device.get("/")).heading == "Hello, Stranger!"
    assert [user.username for user in db.session.query(User)] == ["bob"]
    assert db.session.query(UserSession).count() == 0
    (post,) = db.session.query(Post)
    assert (post.author.username, post.comment_count) == ("bob", 0)
    assert db.session.query(Comment).count() == 0


def test_the_wrong_password_deletes_nothing(browser_of, ann):
    browser = browser_of(ann)
    response = browser.post("/auth/delete-account", data={"password": "dog"})
    assert response.status_code == 200
    assert Page.of(response).flashes == ["Invalid password."]
    response = browser.post("/auth/delete-account", data={})
    assert "This field is required." in Page.of(response).errors("password")
    assert db.session.get(User, ann.id) is not None


def test_the_only_administrator_has_to_stay(browser_of, administrator):
    browser = browser_of(administrator)
    page = Page.of(browser.post("/auth/delete-account", data={"password": "cat"}))
    assert "You are the only administrator." in page.flashes[0]
    assert db.session.get(User, administrator.id) is not None


def test_one_of_two_administrators_may_go(browser_of, administrator, make_user):
    other = make_user("zoe", role="Administrator")
    browser_of(administrator).post("/auth/delete-account", data={"password": "cat"})
    assert [user.username for user in db.session.query(User)] == [other.username]


def test_the_unconfirmed_may_delete_themselves(browser_of, newcomer):
    browser_of(newcomer).post("/auth/delete-account", data={"password": "cat"})
    assert db.session.query(User).count() == 0


def test_a_remember_me_cookie_of_a_deleted_account_is_forgotten(browser_of, ann):
    browser = browser_of(ann, remember_me="y")
    browser.post("/auth/delete-account", data={"password": "cat"})
    assert browser.get_cookie("remember_me") is None
