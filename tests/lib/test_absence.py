"""Something that is away is neither waited for again and again, nor spoken of."""

import pytest

from app.lib.absence import Absence


@pytest.fixture
def now():
    return [1000.0]


@pytest.fixture
def absence(now):
    return Absence(pause=2, silence=60, clock=lambda: now[0])


def test_what_was_never_missed_is_there(absence):
    assert not absence.lasts()
    assert absence.end() is False


def test_it_is_asked_again_after_the_pause(absence, now):
    absence.begin()
    assert absence.lasts()
    now[0] += 1.9
    assert absence.lasts()
    now[0] += 0.1
    assert not absence.lasts()


def test_one_line_a_minute_says_so(absence, now):
    news = []
    for _ in range(130):
        news.append(absence.begin())
        now[0] += 1
    assert [second for second, is_news in enumerate(news) if is_news] == [0, 60, 120]


def test_that_it_is_back_is_news_once(absence):
    absence.begin()
    assert absence.end() is True
    assert absence.end() is False
    assert not absence.lasts()


def test_one_that_comes_and_goes_is_not_talked_about_all_the_time(absence, now):
    assert absence.begin() is True
    absence.end()
    now[0] += 5
    assert absence.begin() is False
    assert absence.lasts()
