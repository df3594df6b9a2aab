"""The worker's own loop: it looks after the outbox, and bears with a queue that is away."""

import logging

import pytest
from huey import SqliteHuey
from redis import ConnectionError as RedisIsAway
from sqlalchemy.exc import OperationalError

from app.jobs import consumer as module
from app.jobs.consumer import create_consumer
from app.models import Job


@pytest.fixture
def restore_logs():
    """Take back what the worker, which has a process of its own, does to the logs of Huey."""
    loggers = [logging.getLogger(f"huey.consumer.{name}") for name in ("Worker", "Scheduler")]
    before = [logger.filters[:] for logger in loggers]
    level = logging.getLogger("huey").level
    yield
    logging.getLogger("huey").setLevel(level)
    for logger, filters in zip(loggers, before, strict=True):
        logger.filters[:] = filters


@pytest.fixture
def consumer(site, restore_logs):
    return create_consumer(site)


@pytest.fixture
def sweeper(consumer, monkeypatch):
    """The part that sweeps; it sleeps for no time."""
    sweeper = consumer._create_scheduler()
    monkeypatch.setattr(sweeper, "sleep_for_interval", lambda *_: None)
    return sweeper


def test_the_outbox_is_looked_after_from_time_to_time(site, sweeper, monkeypatch):
    sweeps = []
    monkeypatch.setattr(module, "sweep", lambda: sweeps.append(1))
    site.config["FLASKY_OUTBOX_INTERVAL"] = 60
    for _ in range(3):
        sweeper.loop()
    assert sweeps == [1]
    site.config["FLASKY_OUTBOX_INTERVAL"] = 0
    sweeper._next_sweep = 0
    for _ in range(3):
        sweeper.loop()
    assert len(sweeps) == 4


def test_recurring_work_is_not_left_to_huey(consumer, sweeper):
    sweeper.loop()
    assert not sweeper.periodic
    assert Job.query.count() > 0


def test_a_database_that_is_away_is_one_line_and_the_loop_goes_on(
    site, sweeper, monkeypatch, caplog
):
    def fail():
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    monkeypatch.setattr(module, "sweep", fail)
    site.config["FLASKY_OUTBOX_INTERVAL"] = 0
    for _ in range(5):
        sweeper.loop()
    (record,) = caplog.records
    assert record.getMessage() == (
        "The outbox waits: the database says: server closed the connection"
    )


def test_huey_says_once_that_the_queue_is_away_and_without_a_trace(consumer, caplog):
    for name in ("Worker", "Scheduler", "Worker"):
        try:
            raise RedisIsAway("Connection refused")
        except RedisIsAway:
            logging.getLogger(f"huey.consumer.{name}").exception("Error reading from queue")
    (record,) = caplog.records
    assert record.getMessage() == "The queue is away: Connection refused"
    assert record.levelno == logging.WARNING
    assert record.exc_info is None


def test_a_queue_that_goes_away_while_a_job_runs_is_no_fault_of_the_job(consumer, caplog):
    try:
        raise RedisIsAway("Timeout reading from socket")
    except RedisIsAway:
        log = logging.getLogger("huey.consumer.Worker")
        log.exception("Unhandled error during execution of task %s.", "7e4d1192")
    (record,) = caplog.records
    assert record.getMessage() == "The queue is away: Timeout reading from socket"


def test_other_trouble_of_huey_is_logged_as_it_is(consumer, caplog):
    for _ in range(2):
        try:
            raise OSError("something else")
        except OSError:
            logging.getLogger("huey.consumer.Worker").exception("Process %s died!", "Worker-1")
    assert len(caplog.records) == 2
    assert caplog.records[0].exc_info


def test_a_worker_waits_for_the_server_of_its_queue(site, restore_logs, monkeypatch, caplog):
    tries = []

    def open_at_the_third_try(app):
        tries.append(1)
        if len(tries) < 3:
            raise RedisIsAway("Connection refused")
        return SqliteHuey("test", filename=app.config["FLASKY_QUEUE_FILE"])

    monkeypatch.setattr(module, "queue_of", open_at_the_third_try)
    monkeypatch.setattr(module, "_PATIENCE", 0)
    site.config["FLASKY_QUEUE_URL"] = "redis://localhost/0"
    assert create_consumer(site).huey.name == "test"
    assert len(tries) == 3
    assert len(caplog.records) == 1


def test_a_queue_file_that_cannot_be_opened_ends_the_worker_with_a_sentence(app, restore_logs):
    app.extensions.pop("queue", None)
    app.config["FLASKY_QUEUE_FILE"] = "/nowhere/queue.sqlite"
    result = app.test_cli_runner().invoke(args=["worker"])
    assert result.exit_code == 1
    assert "The queue cannot be opened" in result.output
    assert "FLASKY_QUEUE_FILE" in result.output
