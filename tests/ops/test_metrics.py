"""Figures for those who may see them."""

import os
import re
import subprocess
import sys

import pytest

from app.adapters import metrics
from app.extensions import db
from deploy.metrics import take_over
from tests.cli.test_deploy import PROJECT

TOKEN = {"Authorization": "Bearer a-token-for-prometheus"}


def figure(text, name, **labels):
    """The value of the line of this metric whose labels hold these; 0 if there is none."""
    wanted = [f'{key}="{value}"' for key, value in labels.items()]
    for line in text.splitlines():
        if line.startswith(name) and all(label in line for label in wanted):
            return float(line.rsplit(" ", 1)[1])
    return 0


@pytest.fixture
def read(client):
    def ask():
        answer = client.get("/metrics")
        assert answer.status_code == 200
        return answer.text

    return ask


def test_requests_are_counted_by_route_method_and_status(client, read):
    def counts():
        text = read()
        return (
            figure(text, "flasky_requests_total", route="/user/<username>", status="404"),
            figure(text, "flasky_requests_total", route="none", method="other", status="404"),
            figure(text, "flasky_request_seconds_count", method="GET"),
            figure(text, "flasky_statements_total", route="/user/<username>"),
        )

    before = counts()
    client.get("/user/nobody")
    client.open("/no/such/page", method="BREW")
    after = counts()
    more = [b - a for a, b in zip(before, after, strict=True)]
    assert more[:3] == [1, 1, 1]
    assert more[3] >= 1


def test_looking_is_not_counted(read):
    before = re.sub(r"_created.*", "", read())
    assert re.sub(r"_created.*", "", read()) == before


def test_jobs_are_told_by_their_state(app, read):
    app.config["FLASKY_JOBS_AT_ONCE"] = False
    before = figure(read(), "flasky_jobs", state="waiting")
    db.session.execute(
        db.text(
            "INSERT INTO jobs (name, payload, created_at, run_at, attempts) "
            "VALUES ('x', '{}', '2026-01-01', '2026-01-01', 0)"
        )
    )
    db.session.commit()
    text = read()
    assert figure(text, "flasky_jobs", state="waiting") == before + 1
    assert figure(text, "flasky_jobs", state="overdue") == 1


@pytest.mark.parametrize(
    "options",
    [
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"X-Real-IP": "127.0.0.1"}},
        {"environ_base": {"REMOTE_ADDR": ""}},
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}, "headers": {"Authorization": "Bearer "}},
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}, "headers": {"Authorization": "Bearer x"}},
    ],
)
@pytest.mark.parametrize("token", [None, "a-token-for-prometheus"])
def test_outsiders_find_nothing(app, client, options, token):
    app.config["FLASKY_METRICS_TOKEN"] = token
    answer = client.get("/metrics", **options)
    assert answer.status_code == 404
    assert answer.text == client.get("/metricz", **options).text
    assert "flasky_requests" not in answer.text


def test_who_brings_the_token_may_look_from_anywhere_and_by_any_name(app, client):
    app.config["FLASKY_METRICS_TOKEN"] = "a-token-for-prometheus"
    where = {"REMOTE_ADDR": "192.0.2.7"}
    answer = client.get("/metrics", headers={**TOKEN, "Host": "10.0.0.7"}, environ_base=where)
    assert answer.status_code == 200
    assert "flasky_requests_total" in answer.text
    assert answer.content_type.startswith("text/plain")


def test_without_a_token_in_the_settings_none_is_right(app, client):
    app.config["FLASKY_METRICS_TOKEN"] = None
    where = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics", headers=TOKEN, environ_base=where).status_code == 404


COUNTING = """
import sys
from app.adapters.metrics import count_request, exposition
for _ in range(int(sys.argv[1])):
    count_request("/", "GET", 200, 0.02, 3)
print(exposition(sys.argv[2], {"waiting": 1}).decode())
"""


def test_processes_tell_the_sum_also_of_those_that_are_gone(tmp_path):
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def count(times):
        command = [sys.executable, "-c", COUNTING, str(times), str(tmp_path)]
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
        )
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        return output, process.pid

    text, first = count(2)
    assert figure(text, "flasky_requests_total") == 2
    take_over(str(tmp_path), first)
    text, second = count(3)
    assert figure(text, "flasky_requests_total") == 5
    assert figure(text, "flasky_statements_total") == 15
    assert figure(text, "flasky_request_seconds_count") == 5
    take_over(str(tmp_path), second)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["counter_0.db", "histogram_0.db"]
    assert figure(metrics.exposition(str(tmp_path), {}).decode(), "flasky_requests_total") == 5
