"""A Redis that is well, one that is gone, and one that says nothing."""

import time

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis import Redis
from redis.exceptions import TimeoutError as RedisTimeout

from app.adapters import redis as adapter
from app.adapters.redis import REDIS_ERRORS, connection_pool, require_client
from app.exceptions import ConfigurationError

PATIENCE = 1  # seconds: a busy machine takes some tenths for what should take none


@pytest.fixture
def client(redis):
    pool = connection_pool(redis.url, timeout=PATIENCE)
    yield Redis(connection_pool=pool)
    pool.disconnect()


@pytest.fixture
def make_counters(app, redis):
    """Make the storage of one process: the limits library finds it by its name."""
    made = []

    def make():
        made.append(storage_from_string(f"patient+{redis.url}", timeout=PATIENCE))
        return made[-1]

    yield make
    for counters in made:
        counters._shared.get_connection().connection_pool.disconnect()


def after_the_pause(counters):
    counters._redis.absence._ask_again_at = 0
    return counters


# --- Connections ---------------------------------------------------------------------------


def test_a_redis_that_was_restarted_is_asked_as_if_nothing_had_happened(redis, client):
    client.set("k", 1)
    redis.stop()
    redis.start()
    assert client.get("k") is None


def test_a_redis_that_is_gone_is_an_error_at_once(redis, client):
    redis.stop()
    started = time.monotonic()
    with pytest.raises(REDIS_ERRORS):
        client.get("k")
    assert time.monotonic() - started < PATIENCE


def test_a_silent_redis_is_given_up_after_the_time_out_and_not_asked_twice(redis, client):
    client.get("k")
    redis.freeze()
    started = time.monotonic()
    with pytest.raises(RedisTimeout):
        client.get("k")
    assert PATIENCE <= time.monotonic() - started < 2 * PATIENCE


def test_without_the_client_the_operator_learns_what_to_install(monkeypatch):
    monkeypatch.setattr(adapter, "redis", None)
    with pytest.raises(ConfigurationError, match=r"requirements/prod\.txt"):
        require_client()


# --- Counters ------------------------------------------------------------------------------


def test_processes_count_together(make_counters):
    here, there = make_counters(), make_counters()
    assert here.incr("k", 60) == 1
    assert there.incr("k", 60) == 2
    assert here.get("k") == 2
    assert time.time() < there.get_expiry("k") < time.time() + 61
    here.clear("k")
    assert there.get("k") == 0


@pytest.mark.parametrize("trouble", ["stop", "freeze"])
def test_while_it_is_away_each_process_counts_for_itself(make_counters, redis, trouble, caplog):
    here, there, limit = make_counters(), make_counters(), parse("3 per minute")
    there.incr("k", 60)
    getattr(redis, trouble)()
    limiter = FixedWindowRateLimiter(here)
    started = time.monotonic()
    assert [limiter.hit(limit, "ann") for _ in range(4)] == [True, True, True, False]
    assert limiter.get_window_stats(limit, "ann").remaining == 0
    assert time.monotonic() - started < 3 * PATIENCE  # one of the five waited, not all
    assert there.incr("k", 60) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "each process counts for itself" in caplog.records[0].getMessage()


def test_when_it_is_back_they_count_together_again(make_counters, redis, caplog):
    here, there = make_counters(), make_counters()
    redis.stop()
    here.incr("k", 60)
    redis.start()
    assert after_the_pause(here).incr("k", 60) == 1
    assert there.incr("k", 60) == 2
    assert "Redis is back" in caplog.text


def test_a_long_absence_is_not_spoken_of_at_every_request(make_counters, redis, caplog):
    counters = make_counters()
    redis.stop()
    for _ in range(20):
        after_the_pause(counters).incr("k", 60)
    assert len(caplog.records) == 1


def test_all_can_be_forgotten_and_looked_after(make_counters, redis):
    counters = make_counters()
    counters.incr("k", 60)
    counters.reset()
    assert counters.get("k") == 0
    assert counters.check() is True
    redis.stop()
    assert counters.check() is False
