"""Posts and comments that are rendered once: nobody sees old ones, or another's links."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from markupsafe import Markup

from app.extensions import db
from app.models import Post
from app.web import fragments
from app.web.fragments import Card, Kept
from tests.web.page import Page


def texts(client, path="/"):
    return [article.text for article in Page.of(client.get(path)).all("article")]


@pytest.fixture
def statements_of(client, statements):
    """Return what a page asks the database for, by the first words."""

    def measure(path):
        with statements() as seen:
            assert client.get(path).status_code == 200
        return [text for text in seen if "posts.body_html" in text or "comments.body_html" in text]

    return measure


def test_a_text_is_read_from_the_database_once(statements_of, make_post):
    make_post()
    assert len(statements_of("/")) == 1
    assert statements_of("/") == []


@pytest.mark.parametrize("change", ["text", "name", "another post"])
def test_a_change_shows_at_once(client, ann, make_post, change):
    post = make_post("before", author=ann)
    assert "before" in texts(client)[0]
    if change == "text":
        post.body = "afterwards"
        expected = "afterwards"
    elif change == "name":
        ann.username = expected = "anna"
    else:
        db.session.delete(post)
        make_post(expected := "another", author=ann)
    db.session.commit()
    (text,) = texts(client)
    assert expected in text
    assert ("before" in text) == (change == "name")


def test_a_new_comment_and_a_disabled_one_show_at_once(client, make_post, make_comment):
    post = make_post()
    assert "0 Comments" in texts(client)[0]
    comment = make_comment("a comment", post=post)
    assert "1 Comments" in texts(client)[0]
    path = f"/post/{post.id}"
    assert "a comment" in texts(client, path)[1]
    comment.disable()
    db.session.commit()
    assert "a comment" not in texts(client, path)[1]
    assert "disabled by a moderator" in texts(client, path)[1]


def test_a_readers_links_are_their_own(browser_of, ann, bob, administrator, make_post):
    make_post(author=ann)
    for reader, expected in ((ann, "Edit"), (bob, None), (administrator, "Edit [Admin]")):
        labels = [a.text for a in Page.of(browser_of(reader).get("/")).first("article").all("a")]
        assert (expected in labels) == (expected is not None)
        assert ("Delete" in labels) == (expected is not None)
    assert "Delete" not in texts(browser_of(bob))[0]


def test_with_nothing_kept_pages_are_the_same(app, client, ann, make_post, make_comment):
    post = make_post("*x* < y", author=ann)
    make_comment("`code`", post=post)
    kept = [client.get(path).text for path in ("/", "/", "/user/ann", f"/post/{post.id}")]
    app.extensions["fragments"], before = Kept(0), app.extensions["fragments"]
    try:
        bare = [client.get(path).text for path in ("/", "/", "/user/ann", f"/post/{post.id}")]
    finally:
        app.extensions["fragments"] = before
    assert bare == kept


def test_the_oldest_make_room():
    kept = Kept(1000)
    for number in range(10):
        kept.put(("key", number), Card(number, None, "x" * 100, ""))
    found = [card and card.id for card in kept.get(("key", number) for number in range(10))]
    assert found == [None] * 7 + [7, 8, 9]


def test_a_post_that_is_deleted_while_the_page_is_made_is_left_out(client, make_post, monkeypatch):

    make_post("here"), make_post("gone")
    real = fragments.posts_with_ids
    monkeypatch.setattr(
        fragments, "posts_with_ids", lambda ids: real(ids).where(Post.body != "gone")
    )
    (text,) = texts(client)
    assert "here" in text


class Shelf:
    """What processes share, without a Redis."""

    def __init__(self):
        self.texts = {}

    def get(self, names):
        return [self.texts.get(name) for name in names]

    def put(self, texts):
        self.texts.update(texts)


CARD = Card(1, 2, Markup("<p>ä"), Markup("</p>"))


@pytest.mark.parametrize("fragment", [CARD, Card(1, None, Markup(""), Markup("")), '{"json": 1}'])
def test_what_another_process_has_made_is_not_made_again(fragment):
    shelf = Shelf()
    asked = []

    def make(places):
        asked.append(places)
        return {place: fragment for place in places if place}

    keys = [("gone",), ("here", 1)]
    assert Kept(1000, shelf).get_or_make(keys, make) == [None, fragment]
    second = Kept(1000, shelf)
    assert second.get_or_make(keys, make) == [None, fragment]
    assert asked == [[0, 1], [0]]
    (_, found) = second.get(keys)
    assert found == fragment
    assert type(getattr(found, "before", Markup())) is Markup


def test_one_thread_makes_what_several_want():
    kept, made = Kept(1000), []
    start = threading.Barrier(4)

    def make(places):
        made.append(places)
        time.sleep(0.05)
        return dict.fromkeys(places, CARD)

    def want(_number):
        start.wait()
        return kept.get_or_make([("key",)], make)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(want, range(4))) == [[CARD]] * 4
    assert made == [[0]]


def test_who_has_waited_too_long_makes_it_themselves(monkeypatch):
    monkeypatch.setattr(fragments, "_LONGEST_WAIT", 0.05)
    kept, has_begun, go_on = Kept(1000), threading.Event(), threading.Event()

    def make_slowly(places):
        has_begun.set()
        go_on.wait(10)
        return {}

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(kept.get_or_make, [("slow",)], make_slowly)
        has_begun.wait(10)
        assert kept.get_or_make([("key",)], lambda places: {0: CARD}) == [CARD]
        go_on.set()
        assert slow.result() == [None]
