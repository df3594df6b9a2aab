"""What a run does, and in which order."""

from benchmarks.measuring import Run, _with_limits
from benchmarks.pages import LIMITS, Page


def test_memory_is_not_looked_at_when_no_page_of_ours_is_read():
    run = Run(None, {}, wanted={"log-in"}, rounds=1, seconds=1, gunicorn=())
    assert run._memory_of_many(list(LIMITS)) == {}


def test_a_page_that_is_judged_has_its_limit_in_front_of_it():
    names = ("home", "home-in", "home-2-uncached", "profile-in", "log-in", "create-post")
    turns = [page.name for page in _with_limits([Page(name, "/") for name in names])]
    assert turns == [
        *("const", "home", "jinja", "home-in", "home-2-uncached", "jinja", "profile-in"),
        *("argon2", "log-in", "insert", "create-post"),
    ]


def test_a_page_that_is_not_judged_has_a_limit_to_be_compared_with():
    turns = _with_limits([Page("home-2-uncached", "/"), Page("post-50-uncached", "/")])
    assert [page.name for page in turns] == ["jinja", "home-2-uncached", "post-50-uncached"]
