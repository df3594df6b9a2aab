"""Keep me logged in: a secret that changes whenever it is used (contract K18; security.md 22)."""

import logging

import pytest
import time_machine

from app.extensions import db
from app.models import UserSession
from tests.auth.test_sessions import copy_of, is_signed_in

MINUTE, DAY = 60, 24 * 3600


@pytest.fixture
def clock():
    with time_machine.travel("2030-01-01", tick=False) as traveller:
        yield traveller


@pytest.fixture
def remembered(browser_of, ann, clock):
    """Ann's browser, closed after she ticked the box: only the long-lived cookies are left."""
    browser = browser_of(ann, remember_me="y")
    browser.delete_cookie("session")
    return browser


def test_whoever_is_remembered_is_signed_in_when_they_come_back(remembered, clock):
    clock.shift(300 * DAY)
    assert is_signed_in(remembered)
    with remembered.session_transaction() as session:
        assert session["_user_id"]


def test_whoever_is_not_remembered_has_to_log_in(browser_of, ann):
    browser = browser_of(ann)
    browser.delete_cookie("session")
    assert not is_signed_in(browser)


def test_the_secret_changes_whenever_it_is_used(remembered):
    seen = {remembered.get_cookie("remember_me").value}
    for _ in range(3):
        remembered.delete_cookie("session")
        assert is_signed_in(remembered)
        seen.add(remembered.get_cookie("remember_me").value)
    assert len(seen) == 4


def test_a_cookie_of_flask_logins_own_name_does_not_stand_in_the_way(remembered):
    remembered.set_cookie("remember_token", "planted")
    assert is_signed_in(remembered)


def test_a_post_with_the_cookie_alone_works_too(remembered):
    response = remembered.post("/", data={"body": "I am back"})
    assert response.location == "/"
    assert "I am back" in remembered.get("/").text


def test_a_session_that_was_idle_too_long_is_opened_again(browser_of, ann, clock):
    browser = browser_of(ann, remember_me="y")
    clock.shift(20 * DAY)
    assert is_signed_in(browser)


def test_after_a_year_even_the_remembered_log_in_again(remembered, clock):
    clock.shift(365 * DAY)
    assert not is_signed_in(remembered)


@pytest.mark.parametrize("role", ["Moderator", "Administrator"])
def test_staff_are_remembered_for_a_day_only(browser_of, make_user, clock, role):
    browser = browser_of(make_user(role=role), remember_me="y")
    browser.delete_cookie("session")
    copy = copy_of(browser)
    clock.shift(DAY - 1)
    assert is_signed_in(browser)
    browser.delete_cookie("session")
    clock.shift(2)
    assert not is_signed_in(browser)
    assert not is_signed_in(copy)


def test_two_tabs_that_open_at_once_are_both_let_in(remembered, clock):
    other_tab = copy_of(remembered)
    assert is_signed_in(remembered)
    clock.shift(MINUTE - 1)
    assert is_signed_in(other_tab)
    assert is_signed_in(remembered)
    assert db.session.query(UserSession).count() == 1


def test_the_second_tab_takes_nothing_from_the_first(remembered):
    other_tab = copy_of(remembered)
    assert is_signed_in(remembered)
    current = remembered.get_cookie("remember_me").value
    assert is_signed_in(other_tab)
    remembered.delete_cookie("session")
    assert remembered.get_cookie("remember_me").value == current
    assert is_signed_in(remembered)


def test_a_stolen_cookie_that_the_thief_uses_first_ends_with_the_owners_visit(
    remembered, clock, caplog
):
    thief = copy_of(remembered)
    assert is_signed_in(thief)
    clock.shift(MINUTE + 1)
    with caplog.at_level(logging.WARNING):
        assert not is_signed_in(remembered)
    assert "used twice" in caplog.text
    assert not is_signed_in(thief)
    thief.delete_cookie("session")
    assert not is_signed_in(thief)
    assert db.session.query(UserSession).count() == 0


def test_a_stolen_cookie_that_the_owner_uses_first_ends_with_the_thiefs_visit(remembered, clock):
    thief = copy_of(remembered)
    assert is_signed_in(remembered)
    clock.shift(MINUTE + 1)
    assert not is_signed_in(thief)
    assert not is_signed_in(remembered)


def test_a_stolen_cookie_ends_nothing_but_its_own_family(remembered, browser_of, ann, bob, clock):
    others = [browser_of(ann), browser_of(bob)]
    thief = copy_of(remembered)
    is_signed_in(remembered)
    clock.shift(MINUTE + 1)
    is_signed_in(thief)
    assert [is_signed_in(browser) for browser in others] == [True, True]


def test_a_cookie_that_is_refused_is_taken_back(remembered, ann):
    db.session.query(UserSession).delete()
    assert not is_signed_in(remembered)
    assert remembered.get_cookie("remember_me") is None


def test_the_cookie_names_no_user_and_no_secret_of_the_database(remembered, ann):
    (row,) = db.session.query(UserSession)
    value = remembered.get_cookie("remember_me").value
    assert row.remember_hash not in value
    assert ann.email not in value
