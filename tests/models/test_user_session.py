"""Sessions: rows that end at the server."""

from datetime import timedelta

import pytest
import time_machine

from app.extensions import db
from app.lib.clock import utcnow
from app.lib.tokens import digest
from app.models import Role, UserSession
from app.models.user_session import end_stale_sessions

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(utcnow(), tick=False) as traveller:
        yield traveller


def ids():
    return sorted(db.session.scalars(db.select(UserSession.id)))


# --- Opening and ending --------------------------------------------------------------------


def test_a_session_is_known_by_a_key_that_the_table_does_not_hold(ann):
    session = ann.start_session(device="Firefox on Linux", ip_address="192.0.2.1")
    db.session.commit()
    assert session.key_hash == digest(session.key)
    assert session.key != session.key_hash
    assert len(session.key) >= 43  # 256 bits
    assert (session.user, session.device, session.ip_address) == (
        ann, "Firefox on Linux", "192.0.2.1",
    )  # fmt: skip


def test_the_key_of_the_current_session_is_what_the_cookie_gets(ann):
    assert ann.get_id() is None
    session = ann.start_session()
    assert ann.current_session is session
    assert ann.get_id() == session.key


def test_two_sessions_have_different_keys(ann):
    assert ann.start_session().key != ann.start_session().key


def test_descriptions_are_cut_to_their_columns(ann):
    session = ann.start_session(device="x" * 999, ip_address="y" * 999)
    db.session.commit()
    assert (len(session.device), len(session.ip_address)) == (255, 45)


def test_a_new_key_makes_the_old_one_worthless(ann, clock):
    session = ann.start_session()
    before = session.key_hash
    clock.shift(HOUR)
    session.renew_key()
    assert session.key_hash not in (before, session.key)
    assert session.renewed_at == session.last_used_at == utcnow()


def test_ten_sessions_are_kept_and_the_one_used_longest_ago_makes_room(ann, bob, clock):
    bob.start_session()
    sessions = []
    for _ in range(10):
        sessions.append(ann.start_session())
        clock.shift(MINUTE)
    sessions[0].last_used_at = utcnow()
    db.session.flush()
    ann.start_session()
    assert UserSession.query.filter_by(user_id=ann.id).count() == 10
    assert sessions[1].id not in ids()
    assert sessions[0].id in ids()
    assert UserSession.query.filter_by(user_id=bob.id).count() == 1


def test_a_user_ends_one_of_their_sessions(ann):
    first, second = ann.start_session().id, ann.start_session().id
    assert ann.end_session(first) is True
    assert ids() == [second]
    assert ann.end_session(first) is False


def test_nobody_ends_the_session_of_somebody_else(ann, bob):
    session = bob.start_session().id
    assert ann.end_session(session) is False
    assert ids() == [session]


def test_a_user_ends_all_sessions_or_all_but_one(ann, bob):
    ann.start_session()
    here, his = ann.start_session(), bob.start_session()
    ann.end_sessions(keep=here)
    assert ids() == [here.id, his.id]
    ann.end_sessions()
    assert ids() == [his.id]


def test_sessions_end_with_their_user(ann):
    ann.start_session()
    db.session.commit()
    db.session.delete(ann)
    db.session.commit()
    assert ids() == []


# --- How long ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "idle"), [("User", 14 * DAY), ("Moderator", 12 * HOUR), ("Administrator", 12 * HOUR)]
)
def test_a_session_that_is_not_used_ends(make_user, clock, role, idle):
    session = make_user(role=role).start_session()
    clock.shift(idle - MINUTE)
    assert session.is_alive()
    clock.shift(MINUTE)
    assert not session.is_alive()


@pytest.mark.parametrize(
    ("role", "absolute"), [("User", 90 * DAY), ("Moderator", DAY), ("Administrator", DAY)]
)
def test_a_session_that_is_used_ends_as_well(make_user, clock, role, absolute):
    session = make_user(role=role).start_session()
    clock.shift(absolute - MINUTE)
    session.last_used_at = utcnow()
    assert session.is_alive()
    clock.shift(MINUTE)
    assert not session.is_alive()


def test_power_shortens_the_session_that_is_open_already(ann, clock):
    session = ann.start_session()
    clock.shift(2 * DAY)
    assert session.is_alive()
    ann.role = Role.named("Moderator")
    assert not session.is_alive()


def test_a_user_without_a_role_has_the_limits_of_everybody(ann, clock):
    ann.role = None
    session = ann.start_session()
    clock.shift(2 * DAY)
    assert session.is_alive()


# --- Remember-me ---------------------------------------------------------------------------


def test_a_session_is_remembered_once_it_has_a_secret(ann):
    session = ann.start_session()
    assert not session.remembered
    session.renew_remember_secret()
    assert session.remembered


def test_the_secret_is_not_in_the_table(ann):
    session = ann.start_session()
    secret = session.renew_remember_secret()
    assert session.remember_hash == digest(secret) != secret


def test_a_secret_is_good_until_it_is_exchanged(ann, clock):
    session = ann.start_session()
    first = session.renew_remember_secret()
    assert session.knows(first)
    second = session.renew_remember_secret()
    assert session.knows(second)
    assert not session.knows(first)
    assert not session.knows("guessed")


def test_a_secret_that_another_tab_exchanged_just_now_is_honoured_for_a_minute(ann, clock):
    session = ann.start_session()
    first = session.renew_remember_secret()
    session.renew_remember_secret()
    assert session.has_just_replaced(first)
    assert not session.has_just_replaced("guessed")
    clock.shift(MINUTE)
    assert not session.has_just_replaced(first)


@pytest.mark.parametrize(("role", "lasts"), [("User", 365 * DAY), ("Moderator", DAY)])
def test_a_secret_lasts_a_year_and_a_day_for_those_with_power(make_user, clock, role, lasts):
    session = make_user(role=role).start_session()
    secret = session.renew_remember_secret()
    clock.shift(lasts - MINUTE)
    assert session.knows(secret)
    clock.shift(MINUTE)
    assert not session.knows(secret)


# --- Tidying -------------------------------------------------------------------------------


def test_sessions_that_nobody_can_use_any_more_are_removed(ann, bob, clock):
    forgotten = ann.start_session().id
    remembered = bob.start_session()
    remembered.renew_remember_secret()
    clock.shift(14 * DAY + MINUTE)
    fresh = ann.start_session().id
    end_stale_sessions()
    assert ids() == sorted([remembered.id, fresh])
    assert forgotten not in ids()
    clock.shift(500 * DAY)
    end_stale_sessions()
    assert ids() == []


def test_sessions_that_can_still_be_used_are_not_removed(ann, clock):
    session = ann.start_session()
    clock.shift(14 * DAY - MINUTE)
    assert session.is_alive()
    end_stale_sessions()
    assert ids() == [session.id]
