"""Dates: a readable text from the server, and what the script needs to rewrite it."""

from datetime import datetime, timedelta

import pytest
from flask import render_template_string

from app.web.dates import LocalMoment
from tests.web.page import Page

NOON = datetime(2024, 2, 3, 12, 5, 6, 789)


def time_of(html):
    (element,) = Page(str(html)).all("time")
    return element


def test_a_relative_time_says_when_and_is_renewed_every_minute():
    element = time_of(LocalMoment(NOON).fromNow(refresh=True))
    assert element["datetime"] == "2024-02-03T12:05:06Z"
    assert element["data-moment"] == "fromNow"
    assert element["data-refresh"] == "60000"
    assert element.text == "3 February 2024, 12:05 UTC"


def test_a_day_has_no_hours_without_script():
    element = time_of(LocalMoment(NOON).format("L"))
    assert (element["data-moment"], element["data-format"]) == ("format", "L")
    assert element.get("data-refresh") is None
    assert element.text == "3 February 2024"


def test_a_number_of_minutes_between_renewals_can_be_chosen():
    assert time_of(LocalMoment(NOON).fromNow(refresh=5))["data-refresh"] == "300000"


def test_further_arguments_are_handed_on():
    element = time_of(LocalMoment(NOON).diff(NOON + timedelta(days=1), "days"))
    assert (element["data-moment"], element["data-units"]) == ("diff", "days")
    assert element["data-timestamp2"].startswith("2024-02-04T12:05:06")
    assert time_of(LocalMoment(NOON).fromNow(no_suffix=True))["data-nosuffix"] == "1"


def test_a_text_is_taken_as_it_is_and_escaped():
    element = time_of(LocalMoment("2024-02-03T12:00:00Z").format('"><b>'))
    assert element["data-format"] == '"><b>'
    assert element.text == "2024-02-03T12:00:00Z"


def test_without_an_argument_it_is_now():
    year = str(datetime.now().year)
    assert time_of(LocalMoment().format("YYYY"))["datetime"].startswith(year)


def test_a_column_that_was_never_filled_shows_nothing():
    assert LocalMoment(None).fromNow(refresh=True) == ""
    assert LocalMoment(None).format("L") == ""


@pytest.mark.parametrize("call", ["moment.include_moment()", "moment.include_moment('2.29.4')"])
def test_no_script_from_elsewhere_is_included(app, call):
    with app.test_request_context():
        assert render_template_string("{{ " + call + " }}") == ""


def test_templates_know_it_as_moment(app):
    with app.test_request_context():
        html = render_template_string("{{ moment(when).calendar() }}", when=NOON)
    element = time_of(html)
    assert element["data-moment"] == "calendar"
    assert not element.get("style")
