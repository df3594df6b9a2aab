"""Writing down who was here, for many at once."""

from datetime import timedelta

import pytest
import time_machine

from app.extensions import db
from app.jobs.presence import write_down
from app.lib.clock import utcnow
from app.web import presence


@pytest.fixture
def later_on(app):
    """Some minutes later."""
    with time_machine.travel(utcnow() + timedelta(minutes=5), tick=False):
        yield


def test_people_and_their_sessions_are_written_down_with_the_time(ann, bob, later_on):
    session = ann.start_session()
    session.last_used_at = utcnow() - timedelta(minutes=5)
    db.session.commit()
    presence.note(ann)
    presence.note(bob)
    before = bob.member_since
    write_down()
    db.session.expire_all()
    assert ann.last_seen == bob.last_seen == session.last_used_at == utcnow()
    assert bob.member_since == before


def test_what_was_written_down_is_not_written_again(ann, later_on, statements):
    presence.note(ann)
    write_down()
    with statements() as seen:
        write_down()
    assert seen == []


def test_who_is_gone_by_now_is_no_trouble(ann, later_on):
    presence.note(ann)
    db.session.delete(ann)
    db.session.commit()
    write_down()
