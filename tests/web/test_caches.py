"""All that is kept, taken together: nobody can tell, but for the seconds that are promised."""

import re

import pytest

from app.extensions import db
from app.models import User
from app.queries.kept import KeptAnswers
from app.web import page_cache
from app.web.fragments import Kept
from app.web.kept_pages import KeptPages
from app.web.page_cache import PageCache
from config import Config

PROMISED = 5  # seconds after which everybody sees a change
READERS = ("stranger", "user", "moderator", "administrator")
# What is different in every answer: the tokens of forms, and the marks against sending them twice.
_SECRETS = re.compile(r'(name="(?:csrf_token|submission)"[^>]*value=")[^"]*')


@pytest.fixture
def turn_caches(app, clock, monkeypatch):
    """`turn_caches(on=True)`: as a site has them, and empty; or all of them off."""
    bare = app.wsgi_app

    def turn(*, on: bool) -> None:
        for name, seconds in (("PAGE_CACHE", 3), ("KEPT_LISTS", 1), ("KEPT_TOTALS", 1)):
            monkeypatch.setitem(app.config, f"FLASKY_{name}", seconds if on else 0)
        monkeypatch.setattr(app, "wsgi_app", PageCache(bare, 3) if on else bare)
        monkeypatch.setitem(app.extensions, "fragments", Kept(4_000_000 if on else 0))
        monkeypatch.setitem(app.extensions, "pages", KeptPages(1 if on else 0, clock))
        monkeypatch.setitem(app.extensions, "answers", KeptAnswers(1 if on else 0, clock))

    return turn


@pytest.fixture
def written(app, ann, bob, make_post, make_comment):
    """A site with a little of everything: the post that the tests change, and its comment."""
    app.config["FLASKY_POSTS_PER_PAGE"] = 3
    bob.follow(ann)
    for number in range(4):
        make_post(f"number *{number}*", author=bob)
    post = make_post("as it was", author=ann)
    make_comment("a sober remark", author=bob, post=post)
    disabled = make_comment("shouting", author=bob, post=post)
    disabled.disable()
    comment = make_comment("a rude remark", author=ann, post=post)
    post.body = "as it was before"
    db.session.commit()
    return {"post": post.id, "comment": comment.id, "ann": ann.id}


@pytest.fixture
def readers(client, browser_of, bob, moderator, administrator):
    people = {"user": bob, "moderator": moderator, "administrator": administrator}
    return {"stranger": client} | {name: browser_of(user) for name, user in people.items()}


def test_the_seconds_for_which_something_is_kept_add_up_to_what_is_promised():
    in_lists, whole = Config.FLASKY_KEPT_LISTS, Config.FLASKY_PAGE_CACHE
    assert in_lists + whole + page_cache.LONGEST_RENEWAL <= PROMISED


def long_ago() -> None:
    """Let it be long ago that anybody wrote something."""
    for user in db.session.query(User):
        user.wrote_at = None
    db.session.commit()


def pages(ids: dict) -> list[str]:
    names = ("user", "followers", "following")
    return [
        "/",
        "/?page=2",
        "/?page=99",
        *(f"/{name}/{who}" for name in names for who in ("ann", "bob")),
        f"/post/{ids['post']}",
        f"/post/{ids['post']}?page=-1",
        "/moderate",
        "/edit-profile",
        "/auth/sessions",
        "/appearance",
        "/no-such-page",
    ]


def looks(browser, path: str) -> tuple:
    response = browser.get(path)
    return response.status_code, response.location, _SECRETS.sub(r"\1…", response.text)


@pytest.mark.parametrize("reader", READERS)
def test_pages_are_the_same_with_every_cache_and_with_none(turn_caches, readers, written, reader):
    browser = readers[reader]
    long_ago()
    turn_caches(on=True)
    warm = [[looks(browser, path) for path in pages(written)] for _ in range(2)]
    turn_caches(on=False)
    bare = [looks(browser, path) for path in pages(written)]
    assert warm == [bare, bare]


@pytest.mark.parametrize("reader", READERS[1:])
def test_followed_posts_are_the_same_with_every_cache_and_with_none(
    turn_caches, readers, written, reader
):
    browser = readers[reader]
    browser.set_cookie("show_followed", "1")
    long_ago()
    turn_caches(on=True)
    warm = [looks(browser, "/") for _ in range(2)]
    turn_caches(on=False)
    assert warm == 2 * [looks(browser, "/")]


# Who does what, what is to be seen no longer, what instead.
_RENAMED = {"username": "anna", "email": "ann@example.com", "confirmed": "y"}
CHANGES = {
    "a post is edited": ("ann", "/edit/{post}", {"body": "as it is"}, "as it was", "as it is"),
    "a post is deleted": ("ann", "/post/{post}/delete", {}, "as it was", None),
    "a post is written": ("ann", "/", {"body": "brand new"}, None, "brand new"),
    "a comment is written": ("ann", "/post/{post}", {"body": "indeed"}, "3 Comments", "4 Comments"),
    "a comment is disabled": ("mod", "/moderate/disable/{comment}", {}, "a rude remark", None),
    "a comment is deleted": ("ann", "/comment/{comment}/delete", {}, "a rude remark", None),
    "a person is renamed": ("adm", "/edit-profile/{ann}", _RENAMED, ">ann<", ">anna<"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_at_once_by_who_made_it_and_soon_by_all(
    turn_caches, clock, readers, browser_of, ann, written, change
):
    who, path, form, gone, new = CHANGES[change]
    form = {**form, "role": ann.role_id}  # as the form of a renamed person has it
    people = {**readers, "ann": browser_of(ann)}
    people |= {"mod": people["moderator"], "adm": people["administrator"]}
    long_ago()
    turn_caches(on=True)
    places = ("/", "/user/bob", "/user/ann", f"/post/{written['post']}")

    def seen(name: str) -> str:
        return "".join(people[name].get(place).text for place in places)

    for name in people:
        text = seen(name)
        assert gone is None or gone in text
        assert new is None or new not in text

    assert people[who].post(path.format(**written), data=form).status_code == 302
    after = [seen(who)]
    clock.now += PROMISED
    after += [seen(name) for name in people]
    for text in after:
        assert gone is None or gone not in text
        assert new is None or new in text
