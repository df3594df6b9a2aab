"""Counters of tries in our own database, as the limits library asks for them."""

import time
from datetime import timedelta

import pytest
import time_machine
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.rate_limits import DatabaseStorage
from app.extensions import db
from app.lib.clock import utcnow
from app.lib.tokens import digest
from app.models import RateLimit


@pytest.fixture
def clock():
    with time_machine.travel(1_700_000_000, tick=False) as traveller:
        yield traveller


@pytest.fixture
def storage(app, clock):
    return DatabaseStorage()


def test_a_counter_counts(storage):
    assert [storage.incr("k", 60) for _ in range(3)] == [1, 2, 3]
    assert storage.get("k") == 3
    assert storage.get("other") == 0


def test_to_count_takes_one_statement_where_the_database_has_it(storage, statements):
    with statements() as seen:
        storage.incr("k", 60)
    most = 1 if db.engine.dialect.name in ("sqlite", "postgresql") else 3
    assert len([text for text in seen if not text.startswith("BEGIN")]) == most


def test_several_can_be_counted_at_once_and_taken_back(storage):
    assert storage.incr("k", 60, 5) == 5
    assert storage.incr("k", 60, -1) == 4


def test_a_window_begins_with_the_first_try_and_ends_once(storage, clock):
    storage.incr("k", 60)
    clock.shift(59)
    assert storage.incr("k", 60) == 2
    assert storage.get_expiry("k") == time.time() + 1
    clock.shift(1)
    assert storage.get("k") == 0
    assert storage.incr("k", 60) == 1
    assert storage.get_expiry("k") == time.time() + 60


def test_the_window_of_an_unknown_key_ends_now(storage):
    assert storage.get_expiry("k") == time.time()


def test_keys_are_counted_apart_and_cleared_apart(storage):
    storage.incr("a", 60)
    storage.incr("b", 60)
    storage.clear("a")
    assert (storage.get("a"), storage.get("b")) == (0, 1)


def test_all_can_be_forgotten(storage):
    storage.incr("a", 60)
    storage.incr("b", 60)
    assert storage.reset() == 2
    assert RateLimit.query.count() == 0


def test_no_address_is_written_down(storage):
    storage.incr("LOGIN/ann@example.com/192.0.2.1", 60)
    row = RateLimit.query.one()
    assert row.key == digest("LOGIN/ann@example.com/192.0.2.1")
    assert row.expires_at == utcnow() + timedelta(seconds=60)


def test_the_count_goes_with_the_caller_s_transaction(storage):
    storage.incr("k", 60)
    db.session.commit()
    storage.incr("k", 60)
    db.session.rollback()
    assert storage.get("k") == 1


def test_a_working_database_says_so(storage):
    assert storage.check() is True
    assert storage.base_exceptions is SQLAlchemyError


def test_the_library_finds_the_storage_and_keeps_a_limit_with_it(storage, clock):
    limiter, limit = FixedWindowRateLimiter(storage), parse("3 per 5 minutes")
    assert [limiter.hit(limit, "ann") for _ in range(4)] == [True, True, True, False]
    assert limiter.hit(limit, "bob")
    assert limiter.get_window_stats(limit, "ann").reset_time == time.time() + 300
    clock.shift(300)
    assert limiter.hit(limit, "ann")
