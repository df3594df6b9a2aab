"""`flask jobs`: what an operator sees of promises that are not kept, and does about them."""

from datetime import datetime, timedelta

import pytest

from app.extensions import db
from app.lib.clock import utcnow
from app.models import Job

HOUR = timedelta(hours=1)
WHEN = datetime(2026, 3, 1, 12, 30)


@pytest.fixture
def queued(app, monkeypatch):
    """The ids that were handed to the worker."""
    job_ids = []

    class Queue:
        run_job = staticmethod(job_ids.append)

    monkeypatch.setitem(app.extensions, "queue", Queue)
    return job_ids


@pytest.fixture
def flask(app, queued):
    def run(*arguments, **options):
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["jobs", *map(str, arguments)], **options)
        db.session.rollback()
        db.session.expire_all()
        return result

    return run


def add_job(name="mail.confirmation", **values):
    job = Job(name=name, payload={}, created_at=WHEN, **values)
    db.session.add(job)
    db.session.commit()
    return job


@pytest.fixture
def parked(app):
    return add_job(
        attempts=3,
        failing_since=WHEN,
        parked_at=WHEN + HOUR,
        last_error="SMTPRecipientsRefused: no such\nmailbox",
    )


# --- list ----------------------------------------------------------------------------------


def test_without_jobs_the_list_says_so(flask):
    result = flask("list")
    assert result.output == "0 parked, 0 failing, 0 waiting.\n"
    assert result.exit_code == 0


def test_the_list_shows_what_is_parked_and_why_in_one_line_each(flask, parked):
    lines = flask("list").output.splitlines()
    assert lines[1].split(maxsplit=4) == [
        str(parked.id),
        "mail.confirmation",
        "2026-03-01",
        "12:30",
        "    3  parked 2026-03-01 13:30: SMTPRecipientsRefused: no such mailbox".strip(),
    ]
    assert lines[2] == "1 parked, 0 failing, 0 waiting."
    assert "flask jobs retry" in lines[3]


def test_the_most_troubled_come_first_and_what_is_done_is_left_out(flask, parked):
    add_job("waits")
    add_job("at_work", claimed_at=utcnow())
    add_job("fails", failing_since=WHEN, run_at=WHEN + HOUR, last_error="OSError: away")
    add_job("done", done_at=WHEN)
    lines = flask("list").output.splitlines()
    assert [line.split()[1] for line in lines[1:5]] == [
        "mail.confirmation",
        "fails",
        "waits",
        "at_work",
    ]
    assert lines[2].endswith("next try 2026-03-01 13:30: OSError: away")
    assert lines[3].endswith("waits")
    assert lines[4].endswith("at work")
    assert lines[5] == "1 parked, 1 failing, 2 waiting."


def test_a_long_list_is_cut_and_its_sums_are_not(flask):
    for _ in range(4):
        add_job()
    lines = flask("list", "--most", 2).output.splitlines()
    assert len(lines) == 1 + 2 + 1
    assert lines[-1] == "0 parked, 0 failing, 4 waiting."


# --- retry ---------------------------------------------------------------------------------


def test_a_parked_job_is_tried_again_as_if_it_had_never_failed(flask, parked, queued):
    assert flask("retry", parked.id).output == "Handed to the worker: 1 job.\n"
    assert (parked.parked_at, parked.failing_since, parked.attempts) == (None, None, 0)
    assert queued == [parked.id]


def test_all_parked_jobs_are_tried_again_and_no_others(flask, parked, queued):
    add_job(failing_since=WHEN, run_at=utcnow() + HOUR)
    second = add_job(parked_at=WHEN)
    assert flask("retry", "--all").output == "Handed to the worker: 2 jobs.\n"
    assert queued == [parked.id, second.id]


def test_a_failing_job_need_not_wait_for_its_time(flask, queued):
    job = add_job(failing_since=WHEN, run_at=utcnow() + HOUR)
    flask("retry", job.id)
    assert job.run_at <= utcnow()
    assert queued == [job.id]


# --- drop ----------------------------------------------------------------------------------


def test_a_dropped_job_is_gone(flask, parked):
    other = add_job()
    assert flask("drop", parked.id, "--yes").output == "Forgotten: 1 job.\n"
    assert [job.id for job in Job.query] == [other.id]


def test_nothing_is_dropped_without_a_yes(flask, parked):
    result = flask("drop", "--all", input="n\n")
    assert "Forget 1 job for good?" in result.output
    assert result.exit_code == 1
    assert Job.query.count() == 1
    flask("drop", "--all", input="y\n")
    assert Job.query.count() == 0


def test_where_nothing_is_parked_there_is_nothing_to_drop(flask):
    add_job()
    assert flask("drop", "--all").output == "No job is parked.\n"
    assert Job.query.count() == 1


# --- Refusals ------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["retry", "drop"])
def test_an_unknown_or_finished_job_is_refused_and_nothing_changes(flask, parked, command, queued):
    done = add_job(done_at=WHEN)
    for job_id, reason in ((4711, "There is no job 4711"), (done.id, f"Job {done.id} is done")):
        result = flask(command, parked.id, job_id)
        assert result.exit_code == 1
        assert f"Error: {reason}. Nothing was changed." in result.output
    assert parked.parked_at
    assert Job.query.count() == 2
    assert queued == []


@pytest.mark.parametrize("arguments", [[], ["--all", 1]])
@pytest.mark.parametrize("command", ["retry", "drop"])
def test_either_some_jobs_or_all_must_be_named(flask, command, arguments):
    result = flask(command, *arguments)
    assert result.exit_code == 2
    assert "by their IDs, or all parked ones by --all" in result.output


def test_the_command_explains_what_parked_means(flask):
    output = " ".join(flask("--help").output.split())
    assert "it is parked: kept, but not tried any more" in output
