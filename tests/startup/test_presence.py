"""Who is here is written down: at most once a minute, and never by a page that is read."""

from datetime import timedelta
from threading import Event

import pytest

from app.extensions import db
from app.jobs.presence import write_down
from app.lib.clock import utcnow
from app.models import UserSession
from app.startup import presence as startup

LONG_AGO = timedelta(hours=3)


@pytest.fixture
def absent_ann(ann, browser_of):
    """Ann's browser; she and her session were seen three hours ago."""
    browser = browser_of(ann)
    ann.last_seen = utcnow() - LONG_AGO
    session = db.session.query(UserSession).one()
    session.last_used_at = utcnow() - LONG_AGO
    db.session.commit()
    return browser


def _was_seen_just_now(row, column: str) -> bool:
    return utcnow() - getattr(row, column) < timedelta(seconds=30)


def test_reading_a_page_writes_nothing_at_once(ann, absent_ann):
    absent_ann.get("/")
    assert not _was_seen_just_now(ann, "last_seen")


def test_reading_a_page_is_written_down_later(ann, absent_ann):
    absent_ann.get("/")
    write_down()
    assert _was_seen_just_now(ann, "last_seen")
    assert _was_seen_just_now(db.session.query(UserSession).one(), "last_used_at")


def test_sending_a_form_is_written_down_with_it(ann, absent_ann):
    absent_ann.post("/edit-profile", data={"name": "Ann"})
    assert _was_seen_just_now(ann, "last_seen")


def test_publishing_is_written_down_later_like_reading(ann, absent_ann):
    absent_ann.post("/", data={"body": "I am back"})
    assert not _was_seen_just_now(ann, "last_seen")
    write_down()
    assert _was_seen_just_now(ann, "last_seen")


def test_once_a_minute_is_enough(ann, browser_of):
    browser = browser_of(ann)
    seen = utcnow() - timedelta(seconds=50)
    ann.last_seen = seen
    db.session.commit()
    browser.get("/")
    browser.post("/", data={"body": "still here"})
    write_down()
    assert ann.last_seen == seen


def test_a_second_device_keeps_its_session_alive_too(ann, browser_of):
    laptop = browser_of(ann)
    session = db.session.query(UserSession).one()
    session.last_used_at = utcnow() - LONG_AGO
    ann.last_seen = utcnow()  # on the phone, a moment ago
    db.session.commit()
    laptop.get("/")
    write_down()
    assert _was_seen_just_now(session, "last_used_at")


def test_static_files_and_strangers_count_for_nothing(ann, absent_ann, client):
    absent_ann.get("/static/favicon.svg", buffered=True)
    client.get("/")
    write_down()
    assert not _was_seen_just_now(ann, "last_seen")


def test_a_thread_writes_it_down_beside_the_requests(app, ann, absent_ann, monkeypatch):
    written = Event()
    monkeypatch.setattr(startup, "write_down", written.set)
    app.config["FLASKY_LAST_SEEN_INTERVAL"] = 0.01
    absent_ann.get("/")
    try:
        assert written.wait(5)
    finally:
        app.extensions.pop("presence").stop()


def test_a_failure_does_not_end_the_thread(app, ann, absent_ann, monkeypatch, caplog):
    calls, again = [], Event()

    def fail_once():
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionError("the database is away")
        again.set()

    monkeypatch.setattr(startup, "write_down", fail_once)
    app.config["FLASKY_LAST_SEEN_INTERVAL"] = 0.01
    absent_ann.get("/")
    try:
        assert again.wait(5)
    finally:
        app.extensions.pop("presence").stop()
    assert "Could not write down who was here." in caplog.text
