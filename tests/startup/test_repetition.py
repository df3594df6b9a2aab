"""Requests that the database broke off are done again, from their beginning."""

import time

import pytest
from flask import flash, request
from psycopg import errors
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm.exc import StaleDataError

from app.extensions import db
from app.models import Post, User
from app.models.publishing import publish_once
from tests.databases import close_connections
from tests.operations.site import free_port

DEADLOCK = OperationalError("UPDATE x", {}, errors.DeadlockDetected("x"))
UNIQUE = IntegrityError("INSERT x", {}, errors.UniqueViolation("x"))
LOST = OperationalError("SELECT x", {}, errors.OperationalError("x"), connection_invalidated=True)
NO_TABLE = OperationalError("SELECT x", {}, errors.UndefinedTable("x"))


@pytest.fixture
def app(app_with, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    return app_with(PROPAGATE_EXCEPTIONS=False, FLASKY_DATABASE_TRIES=3)


@pytest.fixture
def failing(app):
    """Let /act fail with each of `errors` in turn, after it wrote; tell what each try saw."""
    seen = []

    def prepare(*errors, commit_first=False):
        errors = list(errors)

        def act():
            seen.append(request.get_data(as_text=True))
            flash("once")
            db.session.add(User(username="ann"))
            db.session.flush()
            if commit_first:
                db.session.commit()
            if errors:
                raise errors.pop(0)
            db.session.commit()
            return "done"

        app.add_url_rule("/act", view_func=act, methods=["GET", "POST"])
        app.add_url_rule("/api/act", "act_by_api", view_func=act, methods=["POST"])
        return seen

    return prepare


@pytest.mark.parametrize(
    "error", [DEADLOCK, UNIQUE, NoConnectionLeft(), StaleDataError()], ids=type
)
def test_a_request_that_was_broken_off_is_done_again(app, failing, error):
    tries = failing(error, error)
    client = app.test_client()
    response = client.post("/act", data="the body")
    assert (response.status_code, response.text) == (200, "done")
    assert tries == ["the body"] * 3
    assert db.session.query(User).count() == 1
    with client.session_transaction() as session:
        assert len(session["_flashes"]) == 1


def test_after_so_many_tries_it_is_given_up(app, failing):
    tries = failing(*[DEADLOCK] * 9)
    response = app.test_client().post("/act", data="x")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "Service Unavailable" in response.text
    assert len(tries) == 3
    assert db.session.query(User).count() == 0


def test_a_constraint_that_fires_every_time_is_a_fault(app, failing):
    tries = failing(*[UNIQUE] * 9)
    assert app.test_client().post("/act").status_code == 500
    assert len(tries) == 3


def test_a_wrong_statement_is_a_fault_at_once(app, failing):
    tries = failing(NO_TABLE)
    assert app.test_client().post("/act").status_code == 500
    assert len(tries) == 1


def test_what_may_have_been_committed_is_never_done_again(app, failing):
    tries = failing(DEADLOCK, commit_first=True)
    assert app.test_client().post("/act", data="x").status_code == 503
    assert len(tries) == 1
    assert db.session.query(User).count() == 1


def test_a_post_of_which_nobody_heard_whether_it_was_published_is_published_once(
    app, make_user, monkeypatch
):
    """Its statement may have been a transaction of its own (models/changing.py)."""
    losses = [LOST]

    def published_but_not_heard_of(*args, **values):
        found = publish_once(*args, **values)
        if losses:
            raise losses.pop()
        return found

    browser = app.test_client()
    browser.log_in(make_user("ann"))
    monkeypatch.setattr("app.main.posts.publish_once", published_but_not_heard_of)
    assert browser.post("/", data={"body": "x", "submission": "0" * 36}).status_code == 302
    assert losses == []
    assert Post.query.count() == User.query.one().post_count == 1


def test_a_body_whose_length_is_not_known_is_not_kept_for_another_try(app, failing):
    tries = failing()
    app.view_functions["act"] = lambda: tries.append(0) or _raise(DEADLOCK)
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked"}
    assert app.test_client().post("/act", environ_overrides=chunked).status_code == 503
    assert len(tries) == 1


def _raise(error):
    raise error


def test_nobody_is_kept_waiting(app, failing, monkeypatch):
    tries = failing(*[DEADLOCK] * 9)
    moments = iter([0, 1, 4, 9, 9, 9])
    monkeypatch.setattr("app.startup.repetition.time.monotonic", lambda: next(moments))
    assert app.test_client().post("/act").status_code == 503
    assert len(tries) == 2


def test_programs_are_told_in_json(app, failing):
    failing(*[DEADLOCK] * 9)
    response = app.test_client().post("/api/act")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.json["error"] == "service unavailable"


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://127.0.0.1:{}/x", "mysql+pymysql://127.0.0.1:{}/x"]
)
@pytest.mark.parametrize("path", ["/", "/api/v1/posts/"])
def test_a_database_that_is_away_is_told_in_a_friendly_way(make_app, monkeypatch, url, path):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    app = make_app(SQLALCHEMY_DATABASE_URI=url.format(free_port()), PROPAGATE_EXCEPTIONS=False)
    started = time.monotonic()
    response = app.test_client().get(path, auth=("a@example.com", "cat"))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert time.monotonic() - started < 5
    with app.app_context():
        close_connections()


@pytest.mark.only_sqlite("its one lock for all who write")
def test_a_locked_database_is_told_in_a_friendly_way(app_with, tmp_path, monkeypatch):
    app = app_with(
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/x.sqlite",
        PROPAGATE_EXCEPTIONS=False,
        FLASKY_DATABASE_TRIES=1,
        RATELIMIT_ENABLED=True,  # so that trying a password writes something down
    )
    monkeypatch.setattr("app.database.connections._BUSY_TIMEOUT", 50)
    db.session.remove()
    close_connections()
    with db.engine.connect() as holder:
        holder.exec_driver_sql("SELECT 1")  # any transaction that may write holds the lock
        response = app.test_client().post("/auth/login", data={"email": "a@b.c", "password": "x"})
    assert response.status_code == 503
    assert "Service Unavailable" in response.text
