"""Whole pages that processes share in a Redis: made by one of them, shown by all."""

import pytest
from redis import Redis
from werkzeug.test import Client

from app.adapters.cache import SharedCache
from app.extensions import db
from app.models import Post, User
from app.web.page_cache import PageCache


@pytest.fixture
def held(redis):
    """What the Redis holds, whose seconds are not those of the clock."""
    with Redis.from_url(redis.url) as client:
        yield client


def page_in(held):
    """Return the name of the one page that is shared."""
    (name,) = (name for name in held.scan_iter() if not name.endswith(b":claimed"))
    return name


class Site:
    """A process: its page says who made it and when, its cache begins empty."""

    def __init__(self, name, clock, redis, ask_in_between):
        self.name, self.clock, self.made = name, clock, 0
        self.ask_in_between = ask_in_between
        self.shared = SharedCache(redis.url, timeout=1, key=b"k" * 32)
        self.visitor = Client(PageCache(self, 3, self.shared), use_cookies=False)

    def __call__(self, environ, start_response):
        self.made += 1
        self.ask_in_between()
        headers = [("Cache-Control", "s-maxage=3"), ("ETag", f'"{self.name}"')]
        start_response("200 OK", headers)
        return [f"{environ['PATH_INFO']} by {self.name} at {self.clock.now - 1000:g}\n".encode()]

    def get(self, path="/", **headers):
        return self.visitor.get(path, headers=headers).text.strip()


@pytest.fixture
def in_between():
    """What others ask for while a page is made, and what they got."""
    return {"ask": lambda: None, "got": []}


@pytest.fixture
def sites(clock, redis, in_between):
    def ask_in_between():
        ask, in_between["ask"] = in_between["ask"], lambda: None
        in_between["got"].append(ask())

    made = [Site(name, clock, redis, ask_in_between) for name in ("ann's", "bob's")]
    yield made
    for site in made:
        site.shared._client.connection_pool.disconnect()


@pytest.fixture
def shared(sites, clock):
    """A page that the first process made twice, so that it has shared it."""
    first, _ = sites
    first.get()
    clock.now += 3.5
    assert first.get() == "/ by ann's at 3.5"


def test_a_page_that_one_process_has_made_another_shows(sites, shared):
    _, second = sites
    assert second.get() == "/ by ann's at 3.5"
    assert second.visitor.get("/", headers={"If-None-Match": '"ann\'s"'}).status_code == 304
    assert second.made == 0


def test_it_is_shown_no_longer_than_by_the_one_who_made_it(sites, shared, held, clock):
    _, second = sites
    held.pexpire(page_in(held), 1000)
    assert second.get() == "/ by ann's at 3.5"
    held.flushall()
    clock.now += 1.5
    assert second.get() == "/ by bob's at 5"


def test_a_process_that_keeps_pages_for_longer_does_not_speak_for_others(
    sites, shared, held, clock
):
    _, second = sites
    held.expire(page_in(held), 60)
    second.get()
    assert second.visitor.get("/").headers["Age"] == "0"
    held.flushall()
    clock.now += 3.1
    assert second.get() == "/ by bob's at 6.6"


def test_while_one_process_makes_it_anew_the_others_show_the_old_one(
    sites, shared, held, clock, in_between
):
    first, second = sites
    second.get()
    held.flushall()
    clock.now += 3.5
    in_between["ask"] = second.get
    assert first.get() == "/ by ann's at 7"
    assert in_between["got"][-1] == "/ by ann's at 3.5"
    assert second.get() == "/ by ann's at 7"
    assert second.made == 0


def test_who_has_shown_the_old_one_for_a_second_makes_it_themselves(
    sites, shared, held, clock, in_between
):
    first, second = sites
    second.get()
    held.flushall()
    clock.now += 4.5
    in_between["ask"] = second.get
    first.get()
    assert in_between["got"][-1] == "/ by bob's at 8"


def test_what_nobody_asks_for_again_is_not_shared(sites, held):
    first, _ = sites
    for number in range(5):
        first.get(f"/?made-up={number}")
    assert held.keys() == []


def test_pages_are_told_apart(sites, shared):
    _, second = sites
    assert second.get("/about") == "/about by bob's at 3.5"
    assert second.get(Cookie="a=b") == "/ by bob's at 3.5"


def test_without_redis_each_makes_its_own(sites, shared, redis):
    _, second = sites
    redis.stop()
    assert second.get() == "/ by bob's at 3.5"


def test_a_site_shares_its_pages_where_the_settings_name_a_redis(app_with, clock, redis):
    settings = {"REDIS_URL": redis.url, "FLASKY_JOBS_AT_ONCE": True, "FLASKY_PAGE_CACHE": 30}
    first = app_with(**settings)
    for _ in range(2):
        page = first.test_client().get("/")
        clock.now += 40
    second = app_with(**settings)
    author = User(username="ann", email="ann@example.com", confirmed=True)
    db.session.add(Post(body="written since", author=author))
    db.session.commit()
    found = second.test_client().get("/")
    assert found.text == page.text
    assert found.headers["ETag"] == page.headers["ETag"]
    assert found.headers["Content-Security-Policy"]
