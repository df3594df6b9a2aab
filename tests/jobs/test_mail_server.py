"""Promised mails and a mail server that comes and goes: late, perhaps, but never lost."""

from datetime import timedelta

import pytest
import time_machine

from app.extensions import db
from app.jobs.runner import due, run
from app.lib.clock import utcnow
from app.models import Job, later
from tests.adapters.mail_server import Postbox, free_port, serve, serve_script


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def port(app, monkeypatch):
    """Where the application looks for its mail server."""
    port = free_port()
    settings = {"suppress": False, "server": "127.0.0.1", "port": port}
    for name, value in settings.items():
        monkeypatch.setattr(app.extensions["mail"], name, value)
    app.config["MAIL_TIMEOUT"] = 0.5
    return port


@pytest.fixture
def clock():
    with time_machine.travel(utcnow(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def promise(ann, port, waiting):
    later("mail.password_changed", user_id=ann.id)
    db.session.commit()
    return waiting[-1]


def outcome(job_id):
    db.session.expire_all()
    job = db.session.get(Job, job_id)
    return job.done_at is not None, job.attempts, job.last_error


def assert_it_waits_and_arrives_later(promise, postbox, port, clock, reason):
    done, attempts, error = outcome(promise)
    assert (done, attempts) == (False, 1)
    assert reason in error
    assert db.session.get(Job, promise).run_at > utcnow() + timedelta(seconds=50)
    assert due() == []
    assert postbox.mails == []
    clock.shift(timedelta(seconds=61))
    postbox.rcpt_status = postbox.data_status = "250 OK"
    with serve(postbox, port=port):
        for job_id in due():
            run(job_id)
    assert outcome(promise)[0]
    assert len(postbox.mails) == 1


def test_a_mail_arrives(promise, postbox, port):
    with serve(postbox, port=port):
        run(promise)
    assert outcome(promise) == (True, 1, None)
    assert postbox.recipients == [["ann@example.com"]]
    assert postbox.mails[0]["Subject"] == "[Flasky] Your Password Was Changed"


def test_a_server_that_is_away_delays_a_mail_and_loses_none(promise, postbox, port, clock):
    run(promise)
    assert_it_waits_and_arrives_later(promise, postbox, port, clock, "Connection refused")


@pytest.mark.parametrize(
    ("answer", "status"),
    [("rcpt_status", "451 come back later"), ("data_status", "452 the disk is full")],
)
def test_a_server_that_refuses_for_now_delays_a_mail(promise, postbox, port, clock, answer, status):
    setattr(postbox, answer, status)
    with serve(postbox, port=port):
        run(promise)
    assert_it_waits_and_arrives_later(promise, postbox, port, clock, status[4:])


@pytest.mark.parametrize(
    ("answer", "status"),
    [("rcpt_status", "550 no such mailbox"), ("data_status", "554 this looks like spam")],
)
def test_a_mail_that_is_refused_for_good_is_parked_with_the_reason(
    promise, postbox, port, clock, answer, status
):
    setattr(postbox, answer, status)
    with serve(postbox, port=port):
        run(promise)
    done, attempts, error = outcome(promise)
    assert (done, attempts) == (False, 1)
    assert status[4:] in error
    assert db.session.get(Job, promise).parked_at
    clock.shift(timedelta(days=3))
    assert due() == []


@pytest.mark.parametrize(("ending", "reason"), [("", "unexpectedly closed"), (None, "timed out")])
def test_a_server_that_is_gone_after_the_text_may_get_it_twice_under_one_id(
    promise, postbox, port, clock, app, monkeypatch, ending, reason
):
    replies = ("220 here", "250 OK", "250 OK", "250 OK", "354 go on", ending)
    with serve_script(*replies) as (other_port, heard):
        monkeypatch.setattr(app.extensions["mail"], "port", other_port)
        run(promise)
    monkeypatch.setattr(app.extensions["mail"], "port", port)
    assert_it_waits_and_arrives_later(promise, postbox, port, clock, reason)
    (first,) = [line for line in heard if line.startswith(b"Message-ID:")]
    assert first.decode().split()[1] == postbox.mails[0]["Message-ID"]


def test_mails_of_different_promises_have_different_ids(promise, ann, postbox, port, waiting):
    later("mail.password_changed", user_id=ann.id)
    db.session.commit()
    with serve(postbox, port=port):
        for job_id in waiting:
            run(job_id)
    assert len({mail["Message-ID"] for mail in postbox.mails}) == 2


def test_a_server_that_is_silent_delays_a_mail(promise, postbox, port, clock, app, monkeypatch):
    with serve_script("220 here", "250 OK", None) as (silent, _):
        monkeypatch.setattr(app.extensions["mail"], "port", silent)
        run(promise)
    monkeypatch.setattr(app.extensions["mail"], "port", port)
    assert_it_waits_and_arrives_later(promise, postbox, port, clock, "timed out")


def test_registering_does_not_wait_for_the_mail_server(client, port, waiting):
    response = client.post(
        "/auth/register",
        data={
            "email": "new@example.com",
            "username": "newcomer",
            "password": "wry otter paints",
            "password2": "wry otter paints",
        },
    )
    assert response.status_code == 302
    assert len(waiting) == 1
