"""Keeping promises: once, by one, and again later when it failed."""

import logging
import smtplib
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from psycopg.errors import DeadlockDetected, UndefinedTable
from sqlalchemy.exc import IntegrityError, OperationalError

from app.extensions import db
from app.jobs.handlers import HANDLERS, handles
from app.jobs.runner import due, forget_old, run
from app.lib.clock import utcnow
from app.models import Job, Post, User, later

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(utcnow(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def promise(waiting):
    """Promise `test` and return its id; nobody keeps it by themselves."""

    def make(**payload):
        later("test", **payload)
        db.session.commit()
        return waiting[-1]

    return make


def failing(error):
    def handler(**_payload):
        raise error

    return handler


# --- Once ----------------------------------------------------------------------------------


def test_a_job_gets_its_payload_and_is_done(promise, kept, job_of, clock):
    run(promise(user_id=7, text="é"))
    assert kept == [{"user_id": 7, "text": "é"}]
    job = job_of()
    assert job.done_at == job.claimed_at == utcnow()
    assert (job.attempts, job.last_error) == (1, None)


def test_a_job_that_is_run_twice_is_kept_once(promise, kept):
    job_id = promise()
    run(job_id)
    run(job_id)
    assert kept == [{}]


def test_a_job_that_nobody_promised_is_no_trouble(app, kept):
    run(4711)
    assert kept == []


def test_what_a_handler_writes_is_committed_together_with_the_job(promise, handler, job_of):
    handler(lambda: db.session.add(Post(body="written by a job")))
    run(promise())
    assert job_of().done_at
    assert Post.query.one().body == "written by a job"


def test_while_a_job_is_worked_at_nobody_else_takes_it(promise, handler):
    runs = []

    def work():
        runs.append(1)
        if len(runs) < 5:
            run(job_id)

    handler(work)
    job_id = promise()
    run(job_id)
    assert runs == [1]


def test_many_workers_keep_each_promise_once(site, handler, monkeypatch):
    monkeypatch.setitem(site.extensions, "queue", type("Queue", (), {"run_job": print}))
    done = []
    handler(lambda number: done.append(number))
    for number in range(10):
        db.session.add(Job(name="test", payload={"number": number}))
    db.session.commit()
    job_ids, start = due(), Barrier(4)

    def work():
        start.wait()
        for job_id in job_ids:
            with site.app_context():
                run(job_id)

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done) == list(range(10))
    assert {job.attempts for job in Job.query} == {1}


# --- Failing -------------------------------------------------------------------------------


def test_a_failure_is_noted_and_tried_again_later(promise, handler, kept, job_of, clock):
    works = HANDLERS["test"]
    handler(failing(RuntimeError("the reason")))
    job_id = promise()
    run(job_id)
    job = job_of()
    assert (job.attempts, job.done_at, job.claimed_at) == (1, None, None)
    assert job.last_error == "RuntimeError: the reason"
    assert job.run_at == utcnow() + MINUTE
    handler(works)
    run(job_id)
    assert kept == []  # not yet
    clock.shift(MINUTE)
    run(job_id)
    assert kept == [{}]
    assert job_of().attempts == 2


def test_what_a_failing_handler_wrote_is_rolled_back(promise, handler, job_of):
    def half_done():
        db.session.add(Post(body="half done"))
        db.session.flush()
        raise RuntimeError

    handler(half_done)
    run(promise())
    assert job_of().attempts == 1
    assert Post.query.count() == 0


def test_what_a_failing_handler_promised_is_not_kept(promise, handler, kept, waiting):
    def promises_and_fails():
        later("another")
        db.session.flush()
        raise RuntimeError

    handler(promises_and_fails)
    run(promise())
    assert Job.query.filter_by(name="another").count() == 0
    assert len(waiting) == 1


def test_a_failure_at_the_commit_is_a_failure_like_any_other(promise, handler, job_of, ann):
    handler(lambda: db.session.add(User(username="ann")))
    run(promise())
    job = job_of()
    assert (job.attempts, job.done_at, job.claimed_at) == (1, None, None)
    assert job.last_error.startswith(IntegrityError.__name__)


def test_each_failure_makes_the_next_wait_longer_up_to_six_hours(promise, handler, job_of, clock):
    handler(failing(OSError("away")))
    job_id, waits = promise(), []
    for _ in range(11):
        run(job_id)
        waits.append((job_of().run_at - utcnow()) / MINUTE)
        clock.move_to(job_of().run_at)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_a_job_that_was_tried_very_often_waits_no_longer_than_that(promise, handler, job_of, clock):
    handler(failing(OSError("away")))
    job_id = promise()
    job_of().attempts = 5000
    db.session.commit()
    run(job_id)
    assert job_of().run_at == utcnow() + timedelta(hours=6)


def test_what_fails_for_a_day_is_parked_and_kept_to_be_looked_at(
    promise, handler, job_of, clock, caplog
):
    tries = []
    handler(lambda: tries.append(utcnow()) or failing(OSError("away"))())
    job_id = promise()
    for _ in range(20):
        run(job_id)
        clock.move_to(max(job_of().run_at, utcnow()))
    assert tries[-1] - tries[0] == timedelta(days=1)  # the last try comes when the time is up
    assert job_of().parked_at == tries[-1]
    assert due() == []
    forget_old()
    db.session.commit()
    assert job_of().last_error == "OSError: away"
    levels = [record.levelno for record in caplog.records]
    assert levels == [logging.WARNING] * (len(tries) - 1) + [logging.ERROR]
    assert "flask jobs list" in caplog.text


def test_a_job_that_waited_for_days_may_fail_as_long_as_any_other(promise, handler, job_of, clock):
    handler(failing(OSError("away")))
    job_id = promise()
    clock.shift(timedelta(days=3))
    run(job_id)
    assert job_of().parked_at is None
    assert job_of().failing_since == utcnow()


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"ann@example.com": (550, b"no such mailbox")}),
        smtplib.SMTPDataError(554, b"this looks like spam"),
    ],
)
def test_a_mail_that_is_refused_for_good_is_parked_at_once(
    promise, handler, job_of, clock, caplog, error
):
    handler(failing(error))
    run(promise())
    assert job_of().parked_at == utcnow()
    assert str(error) in job_of().last_error
    (record,) = caplog.records
    assert record.levelno == logging.WARNING  # no mail to the administrator for each typo


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"ann@example.com": (451, b"greylisted")}),
        smtplib.SMTPDataError(452, b"the disk is full"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPSenderRefused(553, b"not yours", "flasky@example.com"),
        smtplib.SMTPConnectError(554, b"not today"),
    ],
)
def test_a_refusal_that_may_pass_is_tried_again(promise, handler, job_of, clock, error):
    handler(failing(error))
    run(promise())
    assert job_of().parked_at is None
    assert job_of().run_at == utcnow() + MINUTE


def test_a_parked_job_is_left_alone_until_somebody_wants_it_tried_again(
    promise, handler, kept, job_of, waiting
):
    job_id = promise()
    job_of().park()
    db.session.commit()
    run(job_id)
    assert kept == due() == []
    job_of().retry()
    db.session.commit()
    assert waiting == [job_id, job_id]
    run(job_id)
    assert kept == [{}]


@pytest.mark.parametrize(
    "error", [OSError("away"), TimeoutError("slow"), smtplib.SMTPServerDisconnected("gone")]
)
def test_trouble_outside_is_one_line_in_the_log(promise, handler, caplog, error):
    handler(failing(error))
    run(promise())
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.exc_info is None
    assert "(test) failed at attempt 1: " in record.getMessage()
    assert "Next attempt in 0:01:00." in record.getMessage()


def test_a_fault_of_ours_is_an_error_with_its_trace(promise, handler, caplog):
    handler(failing(ValueError("ours")))
    run(promise())
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info[1].args == ("ours",)


@pytest.mark.parametrize("payload", [{"unexpected": 1}, {}])
def test_a_payload_that_does_not_fit_is_a_failure(promise, handler, job_of, payload):
    handler(lambda *, needed: None)
    run(promise(**payload))
    assert job_of().last_error.startswith("TypeError")


def test_a_job_without_a_handler_is_a_failure(app, waiting, job_of, caplog):
    later("nobody.does.this")
    db.session.commit()
    run(waiting[-1])
    assert "nobody.does.this" in job_of("nobody.does.this").last_error


def test_a_job_that_goes_while_it_fails_is_forgotten(promise, handler):
    """As when an account is closed while its mail waits for the server."""

    def work():
        db.session.execute(db.delete(Job))
        db.session.commit()
        raise OSError("away")

    handler(work)
    run(promise())
    assert Job.query.count() == 0


def test_a_job_that_goes_while_it_works_is_no_trouble(promise, handler, caplog):
    def work():
        db.session.execute(db.delete(Job))
        db.session.commit()

    handler(work)
    run(promise())
    assert caplog.records == []


# --- Workers that die ----------------------------------------------------------------------


def test_the_claim_of_a_dead_worker_is_taken_over_after_five_minutes(
    promise, handler, kept, job_of, clock
):
    works = HANDLERS["test"]

    def die():
        raise SystemExit

    handler(die)
    job_id = promise()
    with pytest.raises(SystemExit):
        run(job_id)
    assert job_of().claimed_at == utcnow()
    handler(works)
    clock.shift(5 * MINUTE)
    run(job_id)
    assert due() == []
    assert kept == []
    clock.shift(1)
    assert due() == [job_id]
    run(job_id)
    assert kept == [{}]
    assert job_of().attempts == 2


# --- Waiting, and being forgotten ----------------------------------------------------------


def test_what_waits_is_what_should_have_been_run_by_now_oldest_first(promise, kept, clock):
    first, second, third = promise(), promise(), promise()
    db.session.get(Job, first).run_at = utcnow() + MINUTE
    db.session.commit()
    assert due() == [second, third]
    run(second)
    assert due() == [third]
    clock.shift(MINUTE)
    assert due() == [third, first]


def test_a_look_at_what_waits_leaves_no_transaction_open(app):
    due()
    assert not db.session().in_transaction()


def test_promises_that_were_kept_can_be_looked_up_for_a_week(promise, kept, clock):
    run(promise())
    clock.shift(timedelta(days=7))
    forget_old()
    db.session.commit()
    assert Job.query.count() == 1
    clock.shift(1)
    forget_old()
    assert Job.query.count() == 0


def test_what_was_parked_can_be_looked_up_for_a_month(promise, job_of, clock):
    promise()
    job_of().park()
    db.session.commit()
    clock.shift(timedelta(days=30))
    forget_old()
    assert Job.query.count() == 1
    clock.shift(1)
    forget_old()
    assert Job.query.count() == 0


def test_promises_that_were_not_kept_are_not_forgotten(promise, clock):
    promise()
    clock.shift(timedelta(days=70))
    forget_old()
    assert Job.query.count() == 1


# --- Handlers that only read ---------------------------------------------------------------


def test_a_handler_that_only_reads_gets_its_payload_and_leaves_no_transaction(app, monkeypatch):
    seen = []
    monkeypatch.setitem(HANDLERS, "test", None)  # so that it is gone afterwards

    @handles("test", only_reads=True)
    def look(number):
        """What it does."""
        seen.append((number, User.query.count()))

    HANDLERS["test"](number=7)
    assert seen == [(7, 0)]
    assert not db.session().in_transaction()
    assert HANDLERS["test"].__doc__ == "What it does."


@pytest.mark.parametrize("name", [name for name in HANDLERS if name.startswith("mail.")])
def test_mails_are_sent_while_others_may_write(site, monkeypatch, name):
    """A slow mail server must not hold up everybody who writes a post."""
    ann = User(email="ann@example.com", username="ann")
    db.session.add(ann)
    db.session.commit()
    site.config["FLASKY_ADMIN"] = "boss@example.com"
    written = []

    def slow_server(*_args, **_kwargs):
        with db.engine.connect() as another:
            if site.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
                another.exec_driver_sql("PRAGMA busy_timeout=0")
            another.exec_driver_sql("INSERT INTO posts (body) VALUES ('meanwhile')")
            another.commit()
        written.append(1)

    monkeypatch.setattr("app.jobs.mail.send_email", slow_server)
    payload = {"user_id": ann.id}
    if name == "mail.password_reset":
        payload = {"email": "ann@example.com"}
    elif name in ("mail.change_email", "mail.email_changed"):
        payload["new_email" if name == "mail.change_email" else "old_email"] = "x@example.com"
    job = Job(name=name, payload=payload)
    db.session.add(job)
    db.session.commit()
    run(job.id)
    assert written == [1], job.last_error
    db.session.expire_all()
    assert job.done_at


# --- A database that breaks a job off ---------------------------------------------------------


def test_a_job_that_a_deadlock_broke_off_is_done_again_at_once(app, waiting, handler, job_of):
    troubles = [OperationalError("x", {}, DeadlockDetected("x"))] * 2
    seen = []

    def act():
        db.session.add(User(username="ann"))
        db.session.flush()
        seen.append(1)
        if troubles:
            raise troubles.pop()

    handler(act)
    later("test")
    db.session.commit()
    run(waiting[0])
    assert len(seen) == 3
    assert User.query.count() == 1
    assert (job_of().attempts, job_of().last_error) == (1, None)
    assert job_of().done_at


def test_a_job_with_a_fault_is_not_done_again_at_once(app, waiting, handler, job_of):
    seen = []

    def act():
        seen.append(1)
        raise OperationalError("x", {}, UndefinedTable("x"))

    handler(act)
    later("test")
    db.session.commit()
    run(waiting[0])
    assert len(seen) == 1
    assert "UndefinedTable" in job_of().last_error
