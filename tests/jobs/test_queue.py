"""The queue between those who promise and the worker."""

from datetime import timedelta

import pytest
from huey import MemoryHuey, SqliteHuey

from app.extensions import db
from app.jobs.handlers import HANDLERS
from app.jobs.outbox import queue_due
from app.jobs.queue import queue_of
from app.jobs.schedule import RECURRING
from app.lib.clock import utcnow
from app.models import Job, later


def work_off(queue):
    """Do what the worker does: take from the queue until it is empty."""
    while task := queue.dequeue():
        queue.execute(task)


@pytest.fixture
def queue(site):
    return queue_of(site)


def test_an_application_has_one_queue(site):
    assert queue_of(site) is queue_of(site)


def test_the_queue_is_a_file_where_one_is_set(site):
    queue = queue_of(site)
    assert isinstance(queue, SqliteHuey)
    assert queue.storage.filename == site.config["FLASKY_QUEUE_FILE"]


def test_without_a_file_jobs_run_at_once(app):
    queue = queue_of(app)
    assert isinstance(queue, MemoryHuey)
    assert queue.immediate


def test_a_promise_waits_in_the_file_until_the_worker_takes_it(queue, kept):
    later("test", number=1)
    db.session.commit()
    assert kept == []
    assert len(queue) == 1
    work_off(queue)
    assert kept == [{"number": 1}]
    assert Job.query.one().done_at


def test_what_was_done_leaves_nothing_in_the_file(queue, kept):
    for _ in range(3):
        later("test")
    db.session.commit()
    work_off(queue)
    assert len(queue) == 0
    assert queue.result_count() == 0


def test_a_promise_that_never_reached_the_queue_is_queued_again(queue, kept):
    db.session.add_all([Job(name="test", payload={"number": number}) for number in (1, 2)])
    db.session.add(Job(name="test", payload={}, run_at=utcnow() + timedelta(hours=1)))
    db.session.commit()
    queue_due()
    work_off(queue)
    assert kept == [{"number": 1}, {"number": 2}]


def test_a_promise_that_failed_is_queued_again_when_its_time_has_come(queue, handler):
    tries = []

    def fails_at_first():
        tries.append(1)
        if len(tries) == 1:
            raise OSError("away")

    handler(fails_at_first)
    later("test")
    db.session.commit()
    work_off(queue)
    queue_due()
    work_off(queue)
    assert tries == [1]
    Job.query.one().run_at = utcnow()
    db.session.commit()
    queue_due()
    work_off(queue)
    assert tries == [1, 1]
    db.session.expire_all()
    assert Job.query.one().done_at


def test_all_recurring_work_has_a_handler_and_needs_no_payload(queue):
    for name, _when in RECURRING:
        HANDLERS[name]()
