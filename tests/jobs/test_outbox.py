"""Looking after the outbox: lost promises are queued, recurring work is promised once."""

from datetime import datetime, timedelta

import pytest
import time_machine
from redis import ConnectionError as RedisIsAway

from app.extensions import db
from app.jobs import outbox
from app.jobs.outbox import park_deadly, promise_recurring, queue_due, sweep
from app.jobs.queue import absence_of_queue
from app.jobs.runner import run
from app.jobs.schedule import RECURRING
from app.lib.clock import utcnow
from app.models import Job

NOON = datetime(2026, 3, 1, 12, 0, 30)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


class Queue:
    """Stands in for Huey's: counts, and may be away."""

    def __init__(self, length=0):
        self.length, self.job_ids, self.trouble = length, [], None

    def __len__(self):
        if self.trouble:
            raise self.trouble
        return self.length

    def run_job(self, job_id):
        if self.trouble:
            raise self.trouble
        self.job_ids.append(job_id)


@pytest.fixture
def queue(app, monkeypatch):
    queue = Queue()
    monkeypatch.setitem(app.extensions, "queue", queue)
    return queue


def add_job(**values):
    job = Job(name="test", **values)
    db.session.add(job)
    db.session.commit()
    return job.id


# --- What is due ---------------------------------------------------------------------------


def test_what_is_due_goes_to_the_queue_and_nothing_else(queue):
    due = add_job()
    add_job(run_at=utcnow() + timedelta(minutes=1))
    add_job(done_at=utcnow())
    add_job(parked_at=utcnow())
    add_job(claimed_at=utcnow())
    queue_due()
    assert queue.job_ids == [due]


def test_a_queue_that_is_being_worked_at_is_not_given_the_same_again(queue):
    add_job()
    queue.length = 50
    queue_due()
    assert queue.job_ids == []


def test_jobs_wait_while_the_queue_is_away_and_go_on_when_it_is_back(app, queue, caplog):
    job_id = add_job()
    queue.trouble = RedisIsAway("Connection refused")
    for _ in range(5):
        queue_due()
    (record,) = caplog.records
    assert "the queue is away (Connection refused)" in record.getMessage()
    queue.trouble = None
    absence_of_queue(app)._ask_again_at = 0  # as if the pause were over
    queue_due()
    assert queue.job_ids == [job_id]


# --- What recurs ---------------------------------------------------------------------------


def test_recurring_work_is_promised_when_its_time_has_come_and_once(app, clock):
    for _ in range(3):
        promise_recurring()
    slots = {job.name: job.slot for job in Job.query}
    assert (
        slots
        | {
            "upkeep.tidy": "upkeep.tidy 2026-03-01 11:17",
            "upkeep.render": "upkeep.render 2026-03-01 11:42",
            "upkeep.recount": "upkeep.recount 2026-03-01 03:07",
        }
        == slots
    )
    assert Job.query.count() == len(RECURRING)


def test_the_next_time_it_is_promised_again(app, clock):
    promise_recurring()
    clock.move_to(NOON + timedelta(minutes=20))
    promise_recurring()
    slots = {job.slot for job in Job.query.filter_by(name="upkeep.tidy")}
    assert slots == {"upkeep.tidy 2026-03-01 11:17", "upkeep.tidy 2026-03-01 12:17"}
    assert Job.query.filter_by(name="upkeep.recount").count() == 1


def test_a_worker_that_was_down_for_days_makes_up_for_one_time_only(app, clock):
    promise_recurring()
    clock.move_to(NOON + timedelta(days=5))
    promise_recurring()
    assert Job.query.count() == 2 * len(RECURRING)


def test_another_worker_that_was_quicker_is_no_trouble(app, clock, monkeypatch):
    """It came between our look and our insert."""
    insert_once = outbox.insert_once

    def lose_the_race(model, **values):
        insert_once(model, **values)
        return insert_once(model, **values)

    monkeypatch.setattr(outbox, "insert_once", lose_the_race)
    promise_recurring()
    assert Job.query.count() == len(RECURRING)


def test_recurring_work_is_kept_like_any_other(app, clock):
    """The application of the tests keeps a promise as soon as it is queued."""
    sweep()
    assert {job.name for job in Job.query if job.done_at} == {name for name, _ in RECURRING}


def times_a_day(when):
    day = datetime(2026, 3, 1)
    return sum(when(day + timedelta(minutes=minute)) for minute in range(24 * 60))


@pytest.mark.parametrize(
    ("name", "times"), [("upkeep.tidy", 24), ("upkeep.render", 24), ("upkeep.recount", 1)]
)
def test_recurring_work_has_its_times(name, times):
    assert times_a_day(dict(RECURRING)[name]) == times


# --- What ends its worker ------------------------------------------------------------------


def die():
    raise SystemExit


def test_a_job_that_ends_its_worker_each_time_is_parked_after_a_day(app, queue, handler, clock):
    handler(die)
    job_id, tries = add_job(), 0
    for _ in range(400):
        park_deadly()
        if db.session.get(Job, job_id).parked_at:
            break
        db.session.rollback()
        with pytest.raises(SystemExit):
            run(job_id)
        tries += 1
        clock.shift(timedelta(minutes=6))
    job = db.session.get(Job, job_id)
    assert job.parked_at
    assert "The worker died" in job.last_error
    assert tries == 24 * 60 / 6 + 1


def test_a_job_whose_worker_died_once_is_not_parked(app, queue, handler, kept, clock):
    handler(die)
    job_id = add_job()
    with pytest.raises(SystemExit):
        run(job_id)
    clock.shift(timedelta(hours=30))
    park_deadly()
    handler(lambda: None)
    run(job_id)
    assert db.session.get(Job, job_id).done_at
