"""When a replica is fit to be read from; tests/faults/test_replica.py has real ones."""

import logging
import math
from time import monotonic

import pytest
from sqlalchemy import create_engine

from app.adapters.replicas import Positions, Watch


@pytest.fixture
def positions():
    """The primary got from 100 to 400 within three seconds."""
    positions = Positions(None, keep=60)
    for second in range(4):
        positions.note(1000.0 + second, 100 * (second + 1))
    return positions


@pytest.mark.parametrize(
    ("replayed", "lag"),
    [(400, 0), (500, 0), (399, 1), (300, 1), (150, 3), (100, 3), (99, math.inf)],
)
def test_a_replica_lags_by_the_age_of_what_it_has_replayed(positions, replayed, lag):
    assert positions.lag_of(replayed) == lag


def test_behind_an_idle_primary_nobody_lags():
    positions = Positions(None, keep=60)
    for second in range(30):
        positions.note(1000.0 + second, 100)
    assert positions.lag_of(100) == 0


def test_what_is_long_past_is_forgotten():
    positions = Positions(None, keep=10)
    for second in range(30):
        positions.note(1000.0 + second, second)
    assert positions.lag_of(18) == math.inf
    assert positions.lag_of(19) == 10


def test_before_anything_is_known_no_replica_is_fit():
    assert Positions(None, keep=10).lag_of(10**9) == math.inf


def test_a_replica_that_does_not_answer_is_left_out_and_said_so_once(positions, caplog):
    engine = create_engine("postgresql+psycopg://127.0.0.1:1/nowhere")
    watch = Watch(engine, positions, 2, logging.getLogger("replicas"))
    assert not watch.is_fit
    with caplog.at_level("INFO"):
        watch.look()
        watch.look()
    assert not watch.is_fit
    assert [record.getMessage() for record in caplog.records] == [
        "The replica 127.0.0.1:1 is left out: it does not answer (OperationalError)."
    ]


def test_a_look_is_believed_for_a_moment_only(positions, monkeypatch):
    engine = create_engine("sqlite://")
    watch = Watch(engine, positions, 2, logging.getLogger("replicas"))
    monkeypatch.setattr(watch, "_problem", lambda: "")
    watch.look()
    assert watch.is_fit
    later = monotonic() + 4
    monkeypatch.setattr("app.adapters.replicas.monotonic", lambda: later)
    assert not watch.is_fit
    engine.dispose()


def test_an_error_at_a_replica_leaves_it_out_at_once(positions, monkeypatch):
    engine = create_engine("sqlite://")
    watch = Watch(engine, positions, 2, logging.getLogger("replicas"))
    monkeypatch.setattr(watch, "_problem", lambda: "")
    watch.look()
    with engine.connect() as connection, pytest.raises(Exception, match="no such table"):
        connection.exec_driver_sql("SELECT * FROM nowhere")
    assert not watch.is_fit
    engine.dispose()
