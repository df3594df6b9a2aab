"""Moderating comments (contract C, main; E, moderate and _comments; K8)."""

from datetime import datetime

import pytest

from app.extensions import db
from app.models import Comment
from tests.web.page import Page

NOTICE = "This comment has been disabled by a moderator."


@pytest.fixture
def comment(make_comment, bob):
    return make_comment("Something *rude*", author=bob)


@pytest.fixture
def disabled(comment):
    comment.disabled = True
    db.session.commit()
    return comment


def test_the_page_lists_all_comments_newest_first(app, browser_of, moderator, make_comment):
    app.config["FLASKY_COMMENTS_PER_PAGE"] = 2
    for number in range(1, 4):
        make_comment(f"Comment {number}", timestamp=datetime(2024, 1, number))
    browser = browser_of(moderator)
    page = Page.of(browser.get("/moderate"))
    assert (page.title, page.heading) == ("Flasky - Comment Moderation", "Comment Moderation")
    assert page.texts("div", class_="comment-body") == ["Comment 3", "Comment 2"]
    second = Page.of(browser.get("/moderate?page=2"))
    assert second.texts("div", class_="comment-body") == ["Comment 1"]
    assert (
        page.first("nav", class_="pager")
        .first("a", rel="next")["href"]
        .startswith("/moderate?page=2")
    )
    assert Page.of(browser.get("/moderate?page=9")).all("article") == []


def test_a_comment_is_disabled_and_enabled_without_a_word(browser_of, moderator, comment):
    browser = browser_of(moderator)
    form = Page.of(browser.get("/moderate")).form("Disable")
    assert form["action"] == f"/moderate/disable/{comment.id}?page=1"
    response = browser.post(form["action"])
    assert (response.status_code, response.location) == (302, "/moderate?page=1")
    assert db.session.get(Comment, comment.id).disabled is True
    page = Page.of(browser.get("/moderate"))
    assert page.flashes == []
    form = page.form("Enable")
    assert form["action"] == f"/moderate/enable/{comment.id}?page=1"
    assert browser.post(form["action"]).location == "/moderate?page=1"
    assert db.session.get(Comment, comment.id).disabled is False


@pytest.mark.parametrize(
    ("page", "expected"), [("3", 3), ("", 1), ("x", 1), ("0", 1), ("-4", 1), (None, 1)]
)
@pytest.mark.parametrize("verb", ["enable", "disable"])
def test_one_comes_back_to_the_page_one_was_on(
    browser_of, moderator, comment, verb, page, expected
):
    query = "" if page is None else f"?page={page}"
    response = browser_of(moderator).post(f"/moderate/{verb}/{comment.id}{query}")
    assert response.location == f"/moderate?page={expected}"


def test_the_buttons_carry_the_page_on(app, browser_of, moderator, make_comment):
    app.config["FLASKY_COMMENTS_PER_PAGE"] = 1
    for _ in range(2):
        make_comment()
    page = Page.of(browser_of(moderator).get("/moderate?page=2"))
    assert "page=2" in page.form("Disable")["action"]


@pytest.mark.parametrize("path", ["/moderate", "/moderate/enable/{id}", "/moderate/disable/{id}"])
def test_moderating_is_for_moderators(client, browser_of, ann, administrator, comment, path):
    path = path.format(id=comment.id)

    def ask(browser):
        return browser.get(path) if path == "/moderate" else browser.post(path)

    assert ask(client).location.startswith("/auth/login?next=%2Fmoderate")
    assert ask(browser_of(ann)).status_code == 403
    assert ask(browser_of(administrator)).status_code in (200, 302)


@pytest.mark.parametrize("verb", ["enable", "disable"])
@pytest.mark.parametrize("id", ["999", "x", "9" * 25])
def test_a_comment_that_does_not_exist_is_not_found(browser_of, moderator, verb, id):
    assert browser_of(moderator).post(f"/moderate/{verb}/{id}").status_code == 404


def test_the_text_of_a_disabled_comment_is_on_no_page_but_the_moderators(
    client, browser_of, disabled, ann, bob, moderator, administrator
):
    """Its author sees it no more than moderators do, outside the page of moderation."""
    paths = [
        f"/post/{disabled.post_id}",
        f"/post/{disabled.post_id}?page=-1",
        "/",
        "/user/bob",
        "/followers/bob",
    ]
    for browser in (client, *map(browser_of, (ann, bob, moderator, administrator))):
        for path in paths:
            assert "rude" not in browser.get(path).text, path
        assert NOTICE in Page.of(browser.get(paths[0])).text
    assert "rude" not in browser_of(bob).get(f"/comment/{disabled.id}/delete").text


def test_moderators_see_notice_and_text_on_their_page(browser_of, moderator, disabled):
    article = Page.of(browser_of(moderator).get("/moderate")).first("article")
    assert NOTICE in article.text
    assert article.first("div", class_="comment-body").text == "Something rude"
    assert article.texts("button") == ["Enable"]


def test_a_comment_that_was_never_moderated_counts_as_enabled(browser_of, moderator, comment):
    assert comment.disabled is None
    article = Page.of(browser_of(moderator).get("/moderate")).first("article")
    assert NOTICE not in article.text
    assert article.texts("button") == ["Disable"]


def test_the_buttons_are_nowhere_but_on_that_page(browser_of, moderator, comment):
    page = Page.of(browser_of(moderator).get(f"/post/{comment.post_id}"))
    assert not {"Enable", "Disable"} & set(page.buttons)


def test_without_comments_there_is_nothing_to_do(browser_of, moderator):
    assert "Nothing to moderate." in Page.of(browser_of(moderator).get("/moderate")).text
