"""Whether a run reached what was asked for, and what the reader is told."""

import pytest

from benchmarks.goals import Goal, goals, limit_of, ratio
from benchmarks.report import as_markdown, as_text, goal_rows, growth_rows, rows, section
from benchmarks.results import path_of, read, save, slower
from tests.benchmarks.runs import LIMITS, bare, page, result


def judged(outcome, text):
    (goal,) = [goal for goal in goals(outcome) if goal.text == text]
    return goal


def test_the_ratio_is_that_of_the_rounds_that_ran_side_by_side():
    pages = {"home": page(100, 50, 90), "jinja": bare(200, 100, 90)}
    assert ratio(pages, "home", "jinja") == 0.5
    pages = {"home": page(100, 300), "jinja": bare(100, 100)}
    assert ratio(pages, "home", "jinja") == 2


def test_a_limit_that_runs_several_times_in_a_round_counts_as_it_was_beside_the_page():
    pages = {"home": page(100, 50), "jinja": bare(1000, 200, 1000, 100)}
    for row, number in zip(pages["home"]["rounds"], (1, 3), strict=True):
        row["beside"] = {"jinja": number}
    assert ratio(pages, "home", "jinja") == 0.5


def test_every_page_has_a_limit():
    assert [limit_of(page) for page in ("home", "create-post", "log-in", "home-2-uncached")] == [
        *("const", "insert", "argon2", "jinja")
    ]


@pytest.mark.parametrize(("per_second", "is_met"), [(900, True), (899, False)])
def test_a_page_has_to_reach_its_share_of_the_limit(per_second, is_met):
    outcome = result(**{"home-in": page(per_second)})
    assert judged(outcome, "home-in: share of jinja").met is is_met


@pytest.mark.parametrize(("median", "is_met"), [(3.0, True), (3.1, False)])
def test_following_many_may_not_take_much_longer_than_following_few(median, is_met):
    pages = {"followed-light": page(500, p50=2.0), "followed-heavy": page(500, p50=median)}
    text = "followed-heavy: median as a multiple of followed-light"
    assert judged(result(**pages), text).met is is_met


@pytest.mark.parametrize(("p99", "is_met"), [(8.0, True), (8.1, False)])
def test_the_slowest_answers_may_not_take_much_longer_than_most(p99, is_met):
    outcome = result(home=page(500, p50=2.0, p99=p99))
    assert judged(outcome, "home: 99th percentile by median").met is is_met


def test_the_slowest_answers_are_compared_with_the_others_of_their_round():
    home = page(9, 9, 9)
    for row, times in zip(home["rounds"], ((1, 3), (1, 30), (3, 6)), strict=True):
        row["p50"], row["p99"] = times
    outcome = result(home=home, const=bare(9, 9, 9))
    assert judged(outcome, "home: 99th percentile by median").value == 3


@pytest.mark.parametrize(("statements", "is_met"), [(4, True), (5, False)])
def test_statements_have_a_budget(statements, is_met):
    outcome = result(**{"home-in": page(500, statements=statements)})
    assert judged(outcome, "home-in: statements").met is is_met


def test_a_login_may_cost_little_more_than_the_password_beside_it():
    def login(*cpu):
        passwords = bare(60, 60, 60)
        pages = {"argon2": passwords, "log-in": page(50, 50, 50)}
        for round_, others, own in zip(
            passwords["rounds"], pages["log-in"]["rounds"], cpu, strict=True
        ):
            round_["cpu"], others["cpu"] = 20.0, own
        return judged(result(**pages), "log-in: CPU by that of argon2").met

    assert login(23.9, 24.0, 90.0)  # one round was disturbed
    assert not login(20.0, 24.1, 24.1)
    assert not any("argon2" in goal.text for goal in goals(result(**{"log-in": page(50)})))


def test_writes_have_a_floor_on_postgresql_alone():
    pages = {"create-post": page(650)}
    assert not judged(result(database="PostgreSQL 15", **pages), "create-post: a second").met
    assert "create-post: a second" not in {goal.text for goal in goals(result(**pages))}


def test_memory_has_to_stay_small_and_flat():
    outcome = result()
    assert judged(outcome, "memory of a worker after 10,000 requests, MB").met
    assert judged(outcome, "memory of a worker, growth from 2,500 requests on").met
    outcome["memory"] = {"2500 requests": 100, "10000 requests": 131}
    assert not judged(outcome, "memory of a worker after 10,000 requests, MB").met
    assert not judged(outcome, "memory of a worker, growth from 2,500 requests on").met


def test_growth_is_judged_where_there_is_a_smaller_size():
    small, large = result(home=page(9, p50=2.0)), result("L", home=page(9, p50=2.5))
    (growth,) = [goal for goal in goals(large, small) if "growth from S" in goal.text]
    assert (growth.value, growth.met) == (1.25, False)
    assert not any("growth from S" in goal.text for goal in goals(large))
    slow = result("L", home=page(9, p50=2.5), const=bare(5000, p50=2.5))  # a slow afternoon
    (growth,) = [goal for goal in goals(slow, small) if "growth from S" in goal.text]
    assert growth.value == 1


def test_pages_that_were_not_asked_for_are_not_judged():
    assert not any("home" in goal.text for goal in goals(result()))


def test_a_page_that_takes_longer_beside_jinja_than_last_time_is_named():
    last = result(profile=page(9, p50=2.0), other=page(9, p50=2.0))
    now = result(profile=page(9, p50=2.4), other=page(9, p50=2.2), new=page(9, p50=9))
    assert slower(now, last) == ["profile: 1.2 times jinja's median, 1.0 the last time"]
    everything = result(profile=page(9, p50=4.0), jinja=bare(2000, p50=4.0))  # a slow afternoon
    assert slower(everything, last) == []


def test_results_are_kept_by_database_and_size(tmp_path):
    outcome = result("M", database="PostgreSQL 15.14")
    path = save(outcome, tmp_path)
    assert path == path_of(outcome, tmp_path) == tmp_path / "postgresql-M.json"
    assert read(path) == outcome
    assert read(tmp_path / "sqlite-S.json") is None


def test_a_kept_result_is_judged_as_it_was(tmp_path):
    outcome = result(home=page(500), insert=bare(400), **{"api-posts": page(400)})
    outcome["memory"] = {"2500 requests": 100, "5000 requests": 104, "10000 requests": 106}
    kept = read(save(outcome, tmp_path))
    assert goals(kept) == goals(outcome)
    assert rows(kept) == rows(outcome)


def test_a_table_says_what_was_reached_and_what_not():
    text = as_text(goal_rows([Goal("speed", 3, 2, True), Goal("weight", 3, 2)]))
    assert text.splitlines()[1:] == [
        "speed      3.00        ≥ 2      met",
        "weight     3.00        ≤ 2  NOT MET",
    ]


def test_the_table_of_pages_shows_ratios_and_errors():
    outcome = result(home=page(1000, errors=3), insert=bare(400, writes=True))
    outcome["pages"]["create-post"] = page(100, writes=True)
    for name, beside in (("home", {"const": 0, "jinja": 0}), ("create-post", {"insert": 0})):
        outcome["pages"][name]["rounds"][0]["beside"] = beside
    for name in LIMITS[:3]:
        del outcome["pages"][name]["rounds"][0]["beside"]
    table = {row[0]: row for row in rows(outcome)}
    assert table["home (3 errors!)"][-3:] == ["0.20", "0.50", ""]
    assert table["create-post"][-3:] == ["", "", "0.25"]
    assert table["insert"][-3:] == ["", "", ""]
    assert as_markdown(rows(outcome)).splitlines()[1].startswith("| --- | --: |")


@pytest.mark.parametrize(
    ("p99", "said"), [(8, "All 8 goals are met."), (9, "7 of 8 goals are met; these are not:")]
)
def test_a_run_is_summed_up(p99, said):
    machine = {"cores": 2, "processor": "any", "memory": "4 GB", "autogroups": False}
    run = {"when": "now", "machine": machine, "versions": {"Python": "3.11"}, "client": "wrk"}
    run |= {"rounds": 1, "seconds": 5}
    outcome = result(other=page(900, p99=p99), home=page(9000), insert=bare(400, writes=True))
    text = section(outcome | run, None)
    assert said in text
    assert ("| other: 99th percentile by median | 4.50 |" in text) == (p99 == 9)


def test_growth_is_shown_over_the_sizes():
    runs = [result("S", home=page(9, p50=2.0)), result("L", home=page(9, p50=3.0), new=page(9))]
    table = {row[0]: row[1:] for row in growth_rows(runs)}
    assert table["home"] == ["2.00", "3.00", "1.50"]
    assert table["new"] == ["", "2.00", ""]
