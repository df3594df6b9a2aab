"""What a run does when only some of its pages are asked for."""

from benchmarks.measuring import Run
from benchmarks.pages import LIMITS


def test_memory_is_not_looked_at_when_no_page_of_ours_is_read():
    run = Run(None, {}, wanted={"log-in"}, rounds=1, seconds=1, gunicorn=())
    assert run._memory_of_many(list(LIMITS)) == {}
