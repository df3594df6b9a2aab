"""An answer in time, or an error."""

from threading import Event

import pytest

from app.lib.deadlines import Answer, within


def test_an_answer_in_time_is_passed_on():
    assert within(5, lambda: "yes") == "yes"


def test_an_error_is_raised_where_the_answer_is_waited_for():
    def fail():
        raise OSError("no route")

    with pytest.raises(OSError, match="no route"):
        within(5, fail)


def test_nobody_waits_longer_than_the_deadline():
    release = Event()
    answer = Answer(release.wait)
    with pytest.raises(TimeoutError, match=r"no answer within 0\.05 seconds"):
        answer.wait(0.05)
    assert not answer.is_there
    release.set()
    assert answer.wait(5) is True
    assert answer.is_there
