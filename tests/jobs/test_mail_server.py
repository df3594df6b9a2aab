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
    assert db.session.get(Job, promise).run_at > utcnow() + timedelta(seconds=20)
    assert due() == []
    assert postbox.mails == []
    clock.shift(timedelta(seconds=31))
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


@pytest.mark.parametrize("status", ["451 come back later", "550 no such mailbox"])
def test_a_server_that_refuses_the_reader_delays_a_mail(promise, postbox, port, clock, status):
    postbox.rcpt_status = status
    with serve(postbox, port=port):
        run(promise)
    assert_it_waits_and_arrives_later(promise, postbox, port, clock, status[4:])


@pytest.mark.parametrize("status", ["452 the disk is full", "554 this looks like spam"])
def test_a_server_that_refuses_the_text_delays_a_mail(promise, postbox, port, clock, status):
    postbox.data_status = status
    with serve(postbox, port=port):
        run(promise)
    assert_it_waits_and_arrives_later(promise, postbox, port, clock, status[4:])


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
