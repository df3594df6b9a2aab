"""A promise is part of the transaction that makes it."""

import logging
import sqlite3

import pytest
from huey.exceptions import HueyException

from app import create_app
from app.extensions import db
from app.models import Job, User, later


def promise_in_savepoint(number, *, broken=False):
    """Promise inside a savepoint, which is rolled back if `broken`."""
    savepoint = db.session.begin_nested()
    later("test", number=number)
    db.session.flush()
    savepoint.rollback() if broken else savepoint.commit()


def test_a_promise_is_kept_after_the_commit_and_not_before(app, kept):
    later("test", number=1)
    db.session.flush()
    assert kept == []
    db.session.commit()
    assert kept == [{"number": 1}]


def test_a_promise_goes_with_its_transaction(app, kept):
    later("test", number=1)
    db.session.flush()
    db.session.rollback()
    db.session.commit()
    assert kept == []
    assert Job.query.count() == 0


def test_a_promise_that_was_rolled_back_does_not_come_with_the_next_one(app, kept):
    later("test", number=1)
    db.session.rollback()
    later("test", number=2)
    db.session.commit()
    assert kept == [{"number": 2}]


def test_promises_are_kept_in_the_order_in_which_they_were_made(app, kept):
    for number in range(5):
        later("test", number=number)
    db.session.commit()
    assert [payload["number"] for payload in kept] == [0, 1, 2, 3, 4]


def test_a_promise_is_kept_once_whatever_is_committed_afterwards(app, kept):
    later("test")
    db.session.commit()
    db.session.add(User())
    db.session.commit()
    db.session.commit()
    assert kept == [{}]


def test_a_savepoint_alone_keeps_nothing(app, kept):
    promise_in_savepoint(1)
    assert kept == []
    db.session.rollback()
    assert kept == []
    assert Job.query.count() == 0


def test_a_promise_in_a_savepoint_is_kept_with_the_transaction(app, kept):
    promise_in_savepoint(1)
    db.session.commit()
    assert kept == [{"number": 1}]


def test_a_promise_goes_with_its_savepoint_and_takes_no_other_along(app, kept):
    later("test", number=1)
    promise_in_savepoint(2, broken=True)
    promise_in_savepoint(3)
    later("test", number=4)
    db.session.commit()
    assert [payload["number"] for payload in kept] == [1, 3, 4]
    assert Job.query.count() == 3


def test_a_savepoint_in_a_savepoint_makes_no_difference(app, kept):
    later("test", number=1)
    outer = db.session.begin_nested()
    later("test", number=2)
    promise_in_savepoint(3, broken=True)
    promise_in_savepoint(4)
    outer.commit()
    db.session.commit()
    assert [payload["number"] for payload in kept] == [1, 2, 4]


def test_two_applications_in_one_process_keep_a_promise_once(app, kept):
    create_app("testing")
    later("test")
    db.session.commit()
    assert kept == [{}]


@pytest.mark.parametrize(
    "trouble", [OSError("no disk"), sqlite3.OperationalError("locked"), HueyException("broken")]
)
def test_a_promise_outlives_a_queue_that_is_away(app, kept, monkeypatch, caplog, trouble):
    class Queue:
        @staticmethod
        def run_job(_job_id):
            raise trouble

    monkeypatch.setitem(app.extensions, "queue", Queue)
    with caplog.at_level(logging.WARNING):
        later("test", number=1)
        later("test", number=2)
        db.session.commit()  # and the person who waits for an answer sees nothing of it
    assert kept == []
    assert [job.done_at for job in Job.query] == [None, None]
    assert len(caplog.records) == 1  # not one for each job
    assert str(trouble) in caplog.text
    assert "Traceback" not in caplog.text


def test_a_queue_that_cannot_even_be_opened_is_away(app, kept, monkeypatch, caplog):
    monkeypatch.delitem(app.extensions, "queue", raising=False)
    app.config["FLASKY_QUEUE_FILE"] = "/nowhere/queue.sqlite"
    later("test")
    db.session.commit()
    assert Job.query.one().done_at is None
    assert "the queue is away" in caplog.text
