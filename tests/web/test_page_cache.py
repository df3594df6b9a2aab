"""Whole pages for strangers: kept for seconds, and never for or from anybody in particular."""

from contextlib import contextmanager
from contextvars import Context
from threading import Event, Thread

import pytest
from werkzeug.test import Client

from app.extensions import db
from app.web.page_cache import PageCache


class Visitor(Client):
    """Speaks WSGI, brings no cookies of its own, and shares nothing with the test."""

    def open(self, *args, **kwargs):
        return Context().run(super().open, *args, **kwargs)


@pytest.fixture
def strangers(app, clock):
    """A visitor of the site behind a cache, for each call."""
    kept = PageCache(app.wsgi_app, 3)
    return lambda: Visitor(kept, use_cookies=False)


@pytest.fixture
def rewrite(make_post):
    """Change the post on the home page."""
    post = make_post("before")

    def change(text):
        post.body = text
        db.session.commit()

    return change


def test_a_page_is_kept_for_its_seconds_and_then_made_anew(strangers, rewrite, clock):
    assert "before" in strangers().get("/").text
    rewrite("afterwards")
    clock.now += 2.9
    assert "before" in strangers().get("/").text
    clock.now += 0.2
    assert "afterwards" in strangers().get("/").text


def test_a_kept_page_asks_the_database_nothing(strangers, rewrite, statements):
    strangers().get("/")
    with statements() as seen:
        assert strangers().get("/").status_code == 200
    assert seen == []


def test_pages_are_told_apart(strangers, rewrite, ann):
    assert "Hello, Stranger!" in strangers().get("/").text
    assert "There is no page 9" in strangers().get("/?page=9").text
    assert "ann" in strangers().get("/user/ann").text


def test_a_person_sees_their_change_at_once(strangers, rewrite, browser_of, ann):
    strangers().get("/")
    cookies = browser_of(ann)._cookies.values()
    rewrite("afterwards")
    known = {"Cookie": "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies)}
    page = strangers().get("/", headers=known).text
    assert "Hello, ann!" in page
    assert "afterwards" in page
    assert "Hello, Stranger!" in strangers().get("/").text


@pytest.mark.parametrize("path", ["/auth/login", "/no-such-page", "/auth/register", "/moderate"])
def test_what_is_for_one_reader_is_not_kept(app, clock, path):
    calls = []

    def counted(environ, start_response):
        calls.append(environ["PATH_INFO"])
        return app.wsgi_app(environ, start_response)

    client = Visitor(PageCache(counted, 3), use_cookies=False)
    for _ in range(2):
        client.get(path)
    assert calls == [path, path]


@pytest.mark.parametrize("header", ["Cookie", "Authorization", "Range"])
def test_a_request_with_something_of_its_own_reaches_the_application(strangers, rewrite, header):
    strangers().get("/")
    rewrite("afterwards")
    assert "afterwards" in strangers().get("/", headers={header: "x=y"}).text


def test_only_reading_is_answered(strangers, rewrite):
    strangers().get("/")
    assert strangers().post("/").status_code in (302, 403)
    assert strangers().open("/", method="HEAD").text == ""


def test_who_has_the_page_is_told_so(strangers, rewrite, clock):
    tag = strangers().get("/").headers["ETag"]
    answer = strangers().get("/", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.text, answer.headers["ETag"]) == (304, "", tag)
    assert "Content-Length" not in answer.headers
    rewrite("afterwards")
    clock.now += 4
    assert strangers().get("/", headers={"If-None-Match": tag}).status_code == 200


def test_a_kept_page_says_how_old_it_is_so_that_no_proxy_keeps_it_longer(strangers, clock):
    made = strangers().get("/").headers
    assert "Age" not in made
    assert made["Cache-Control"].endswith(", stale-while-revalidate=1")
    clock.now += 1.5
    assert strangers().get("/").headers["Age"] == "2"
    known = strangers().get("/", headers={"If-None-Match": made["ETag"]})
    assert (known.status_code, known.headers["Age"]) == (304, "2")


def test_a_page_says_for_whom_it_is(client, browser_of, ann, make_post):
    make_post()
    shared = client.get("/")
    assert "s-maxage" in shared.headers["Cache-Control"]
    assert "Cookie" in shared.vary
    assert "private" in browser_of(ann).get("/").headers["Cache-Control"]


def test_no_page_shows_the_number_of_another_request(strangers, rewrite):
    strangers().get("/", headers={"X-Request-ID": "0123456789abcdef"})
    assert "X-Request-ID" not in strangers().get("/").headers


@pytest.fixture
def slow_site(clock):
    """A site whose page says when it was made; `begun` is set when it begins to make one."""

    class Site:
        begun, go_on = Event(), Event()

        def __call__(self, _environ, start_response):
            self.begun.set()
            self.go_on.wait(5)
            start_response("200 OK", [("Cache-Control", "s-maxage=3")])
            return [b"%g" % (clock.now - 1000)]

        @contextmanager
        def busy_for(self, visitor):
            """Let `visitor` wait for a page; yields the list that its text will be in."""
            self.begun.clear()
            self.go_on.clear()
            answers = []
            thread = Thread(target=lambda: answers.append(visitor.get("/").text))
            thread.start()
            assert self.begun.wait(5)
            yield answers
            self.go_on.set()
            thread.join(5)

    site = Site()
    site.go_on.set()
    return site


def test_while_one_renews_a_page_the_others_get_the_old_one(slow_site, clock):
    visitor = Client(PageCache(slow_site, 3))
    assert visitor.get("/").text == "0"
    clock.now += 3.5
    with slow_site.busy_for(visitor) as answers:
        assert visitor.get("/").text == "0"
    assert answers == ["3.5"]
    assert visitor.get("/").text == "3.5"


def test_a_page_that_nobody_asked_for_in_an_hour_is_shown_to_nobody(slow_site, clock):
    visitor = Client(PageCache(slow_site, 3))
    assert visitor.get("/").text == "0"
    clock.now += 3600
    with slow_site.busy_for(visitor):
        slow_site.go_on.set()
        assert visitor.get("/").text == "3600"
