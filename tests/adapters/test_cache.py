"""What processes share in a Redis: who finds it, who does not, and when it is away."""

import logging

import pytest
from redis import Redis

from app.adapters.cache import SharedCache

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


@pytest.fixture
def held(redis):
    """What the Redis holds."""
    with Redis.from_url(redis.url) as client:
        yield client


@pytest.fixture
def make_cache(app, redis):
    """Make the cache of one process."""
    made = []

    def make(key=KEY):
        made.append(SharedCache(redis.url, timeout=1, key=key))
        return made[-1]

    yield make
    for cache in made:
        cache._client.connection_pool.disconnect()


def test_what_one_process_puts_there_another_finds(make_cache):
    make_cache().put({"a": b"<p>\xff</p>", "b": b""})
    assert make_cache().get(["b", "none", "a"]) == [b"", None, b"<p>\xff</p>"]


def test_another_site_and_another_edition_find_nothing(make_cache):
    make_cache().put({"a": b"content"})
    assert make_cache(OTHER_KEY).get(["a"]) == [None]
    assert make_cache(OTHER_KEY).get_with_rest("a") is None


def test_it_lasts_for_ten_minutes(make_cache, held):
    make_cache().put({"a": b"content"})
    (name,) = held.keys()
    assert 590 <= held.ttl(name) <= 600


def test_what_lasts_for_seconds_says_how_many_are_left(make_cache):
    make_cache().put({"a": b"content"}, seconds=30)
    content, rest = make_cache().get_with_rest("a")
    assert content == b"content"
    assert 25 < rest <= 30
    assert make_cache().get_with_rest("none") is None


def test_of_those_who_claim_a_name_one_has_it_until_its_seconds_are_over(make_cache, held):
    here, there = make_cache(), make_cache()
    assert here.claim("a", 30)
    assert not there.claim("a", 30)
    assert there.claim("b", 30)
    assert make_cache(OTHER_KEY).claim("a", 30)
    assert all(25_000 < held.pttl(name) <= 30_000 for name in held.scan_iter())
    held.flushall()
    assert there.claim("a", 30)


@pytest.mark.parametrize("forged", [b"<script>", b"", b"x" * 16 + b"<script>"])
def test_what_somebody_else_has_put_there_is_not_believed(make_cache, held, forged):
    cache = make_cache()
    cache.put({"a": b"content"})
    (name,) = held.keys()
    held.set(name, forged, ex=30)
    assert cache.get(["a"]) == [None]
    assert cache.get_with_rest("a") is None


def test_what_was_moved_to_another_name_is_not_believed(make_cache, held):
    cache = make_cache()
    cache.put({"a": b"for a"})
    (name,) = held.keys()
    content = held.get(name)
    held.flushall()
    cache.put({"b": b"for b"})
    (name,) = held.keys()
    held.set(name, content)
    assert cache.get(["b"]) == [None]


def test_while_redis_is_away_there_is_nothing_and_one_line_says_so(make_cache, redis, caplog):
    cache = make_cache()
    cache.put({"a": b"content"})
    redis.stop()
    with caplog.at_level(logging.INFO):
        assert cache.get(["a", "b"]) == [None, None]
        assert cache.get_with_rest("a") is None
        cache.put({"a": b"content"})
        assert cache.get(["a"]) == [None]
        assert cache.claim("a", 30)
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "Redis is away, each process renders for itself"
    ]


def test_when_it_is_back_it_is_used_again(make_cache, redis, caplog):
    cache = make_cache()
    redis.stop()
    cache.put({"a": b"content"})
    redis.start()
    cache._redis.absence._ask_again_at = 0
    with caplog.at_level(logging.INFO):
        cache.put({"a": b"again"})
    assert cache.get(["a"]) == [b"again"]
    assert "Redis is back" in caplog.text
