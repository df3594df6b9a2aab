"""Lists that everybody reads: asked for once a second, but never old for whoever changed them."""

import pytest

from app.extensions import db
from app.models import User
from app.web.kept_pages import KeptPages
from tests.web.page import Page


@pytest.fixture
def keeping(app, monkeypatch):
    """Keep pages for longer than a test takes, and note who writes."""
    monkeypatch.setitem(app.config, "FLASKY_KEPT_LISTS", 60)
    monkeypatch.setitem(app.extensions, "pages", KeptPages(60))


def posts(browser, path="/"):
    return [article.text for article in Page.of(browser.get(path)).all("article")]


def no_longer_new(*users):
    """Let what they wrote be long ago."""
    for user in users:
        db.session.get(User, user.id).wrote_at = None
    db.session.commit()


@pytest.mark.parametrize("path", ["/", "/user/ann", "/?page=2"])
def test_a_list_is_asked_for_once(
    keeping, client, browser_of, ann, bob, make_post, statements, path
):
    make_post(author=ann)
    browser = browser_of(bob)
    no_longer_new(bob)
    client.get(path)
    with statements() as seen:
        browser.get(path)
        client.get(path)
    assert not [text for text in seen if "posts." in text]


def test_who_writes_sees_it_at_once_and_others_a_moment_later(keeping, browser_of, ann, bob):
    anns, bobs = browser_of(ann), browser_of(bob)
    no_longer_new(ann, bob)
    assert posts(bobs) == []
    anns.post("/", data={"body": "brand new"})
    assert "brand new" in posts(anns)[0]
    # What ann's request found is there for all.
    assert "brand new" in posts(bobs)[0]


def test_who_changes_a_post_sees_it_in_every_browser(keeping, browser_of, ann, make_post):
    post = make_post("before", author=ann)
    phone, laptop = browser_of(ann), browser_of(ann)
    no_longer_new(ann)
    assert "before" in posts(phone)[0]
    phone.post(f"/edit/{post.id}", data={"body": "afterwards"})
    assert "afterwards" in posts(laptop)[0]


def test_a_moderator_sees_at_once_that_a_comment_is_disabled(
    keeping, browser_of, moderator, bob, make_post, make_comment
):
    comment = make_comment("a rude remark", post=make_post())
    path = f"/post/{comment.post_id}"
    moderators, bobs = browser_of(moderator), browser_of(bob)
    no_longer_new(moderator, bob)
    assert "a rude remark" in posts(bobs, path)[1]
    moderators.post(f"/moderate/disable/{comment.id}")
    assert "a rude remark" not in posts(moderators, path)[1]
    assert "a rude remark" not in posts(bobs, path)[1]


def test_what_is_kept_for_no_time_is_not_kept():
    pages = KeptPages(0)
    pages.put(("posts",), "page")
    assert pages.get(("posts",)) is None
