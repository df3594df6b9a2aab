"""Probes get a true answer, soon, and nothing else."""
# ruff: noqa: F811 - fixtures that are shared with the doctor's tests

import sqlite3
import time

import pytest

from app import create_app
from app.care import readiness
from app.models import Job
from config import TestingConfig
from tests.cli.test_doctor import at_revision, deployed, file  # noqa: F401
from tests.databases import close_connections
from tests.operations.site import free_port


@pytest.fixture
def probe(file, monkeypatch):
    """Return a function that asks an application of this database."""
    applications = {}

    def ask(path="/health/ready", url=f"sqlite:///{file}", **options):
        if url not in applications:
            monkeypatch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", url)
            applications[url] = create_app("testing")
        return applications[url].test_client().get(path, **options)

    yield ask
    for app in applications.values():
        with app.app_context():
            close_connections()


@pytest.fixture(autouse=True)
def ask_anew(monkeypatch):
    """Tests do not wait until they may ask again; and have patience on a busy machine."""
    monkeypatch.setattr(readiness, "_PAUSE", 0)
    monkeypatch.setattr(readiness, "_PATIENCE", 10)


def test_a_process_that_is_well_says_so(probe):
    answer = probe("/health/live")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "process": "ok"})
    answer = probe()
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "migrations": "ok", "queue": "ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_probes_ask_by_any_name_and_get_no_cookie(probe):
    for path in ("/health/live", "/health/ready"):
        answer = probe(path, headers={"Host": "10.0.0.7:5000"})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert probe("/", headers={"Host": "10.0.0.7:5000"}).status_code == 400


def test_probes_are_not_sent_to_https(probe, monkeypatch):
    monkeypatch.setattr(TestingConfig, "SSL_REDIRECT", True)
    assert probe("/health/live").status_code == 200
    assert probe("/").status_code == 302


def test_being_alive_asks_no_database(probe):
    away = f"postgresql+psycopg://u:hush@127.0.0.1:{free_port()}/x"
    assert probe("/health/live", url=away).status_code == 200


def test_a_database_that_is_away(probe, caplog):
    away = f"postgresql+psycopg://u:hush@127.0.0.1:{free_port()}/x"
    for _ in range(3):
        answer = probe(url=away)
        assert answer.status_code == 503
        assert answer.json == {"status": "unavailable", "database": "away"}
        assert "hush" not in answer.text + caplog.text
    (record,) = [r for r in caplog.records if "not ready" in r.getMessage()]  # and not thrice
    assert "See host and port in TEST_DATABASE_URL" in record.getMessage()


def test_a_database_that_is_busy_for_longer_is_not_waited_for(probe, file, monkeypatch):
    assert probe().status_code == 200
    monkeypatch.setattr(readiness, "_PATIENCE", 0.3)
    with sqlite3.connect(file, isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        begin = time.monotonic()
        answers = [probe() for _ in range(3)]
        assert time.monotonic() - begin < 2
        holder.execute("ROLLBACK")
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].json["database"] == "silent"
    monkeypatch.setattr(readiness, "_PATIENCE", 10)
    for _ in range(40):
        if probe().status_code == 200:
            return
        time.sleep(0.2)
    pytest.fail("it never became ready again")


def test_a_database_that_can_only_be_read(probe, file):
    answer = probe(url=f"sqlite:///file:{file}?mode=ro&uri=true")
    assert answer.status_code == 503
    assert answer.json["database"] in ("read-only", "away")


@pytest.mark.parametrize(
    ("revision", "status", "word"), [("0001", 503, "behind"), ("of_a_later_release", 200, "ok")]
)
def test_migrations_have_to_be_done_by_this_release_or_a_later_one(
    probe,
    file,
    revision,
    status,
    word,
):
    at_revision(file, revision)
    answer = probe()
    assert (answer.status_code, answer.json["migrations"]) == (status, word)


def test_jobs_that_wait_are_told_and_keep_nobody_away(probe, file):
    with sqlite3.connect(file) as connection:
        connection.execute(
            f"INSERT INTO {Job.__tablename__} (name, payload, created_at, run_at, attempts) "
            "VALUES ('x', '{}', '2026-01-01', '2026-01-01', 0)"
        )
    answer = probe()
    assert (answer.status_code, answer.json["queue"]) == (200, "late")


def test_many_probes_are_one_question(probe, monkeypatch):
    monkeypatch.setattr(readiness, "_PAUSE", 60)
    asked = []
    look = readiness.Readiness._look
    monkeypatch.setattr(readiness.Readiness, "_look", lambda self: asked.append(1) or look(self))
    assert {probe().status_code for _ in range(20)} == {200}
    assert len(asked) == 1
