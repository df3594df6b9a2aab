"""What every test may ask for: an application, a clean database, people and their browsers."""

from contextlib import contextmanager
from contextvars import Context
from uuid import uuid4

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import has_app_context
from flask.testing import FlaskClient
from flask_mail import email_dispatched
from flask_migrate import upgrade
from sqlalchemy import event

from app import create_app
from app.adapters.storage import storage_of
from app.database import begin_read_only
from app.extensions import db
from app.lib import passwords
from app.models import Comment, Post, Role, User
from app.web import presence
from config import TestingConfig
from tests.databases import (
    close_connections,
    empty_tables,
    is_server,
    new_database,
    same_logging_afterwards,
)

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("flasky", deadline=None)
hypothesis.settings.load_profile("flasky")

_QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_addoption(parser):
    parser.addoption(
        "--full",
        action="store_true",
        help="Break things as often as their target figures ask for (tests/faults), not just once.",
    )


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """Hash with next to no work: it is slow on purpose, and tests make people by the hundred.

    A file that looks at the hashes themselves has a fixture of this name that does nothing.
    """
    monkeypatch.setattr(passwords, "_hasher", _QUICK_HASHER)


def pytest_collection_modifyitems(items):
    """Mark the tests that look at another database beside the one of all tests."""
    for item in items:
        params = getattr(item, "callspec", None) and item.callspec.params.values()
        if {"postgresql", "mariadb"} & {param for param in params or () if isinstance(param, str)}:
            item.add_marker("servers")


class Browser(FlaskClient):
    """A client whose requests see nothing of the test's own application context.

    The test looks at the database in a session of its own; before a request it is committed, and
    afterwards it forgets what it had read, so that the test sees what the request did.
    """

    def open(self, *args, **kwargs):
        if not has_app_context():  # the step after a redirect, inside the request's own context
            return super().open(*args, **kwargs)
        db.session.commit()
        response = Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        return response

    def log_in(self, user: User, password: str = "cat", **fields):
        """Log in through the form."""
        form = {"email": user.email, "password": password, **fields}
        return self.post("/auth/login", data=form)


def pytest_runtest_setup(item):
    only = item.get_closest_marker("only_sqlite")
    if only and is_server(TestingConfig.SQLALCHEMY_DATABASE_URI):
        pytest.skip(f"about SQLite: {only.args[0]}")


@pytest.fixture(scope="session", autouse=True)
def server_url():
    """Where the server is that the tests shall run on; None when that is SQLite.

    Each process of the tests makes a database of its own there, as `flask deploy` would, and
    all applications of the tests use it unless they are given another.
    """
    asked_for = TestingConfig.SQLALCHEMY_DATABASE_URI
    if not is_server(asked_for):
        yield None
        return
    with new_database(asked_for) as url:
        TestingConfig.SQLALCHEMY_DATABASE_URI = url
        with create_app("testing").app_context(), same_logging_afterwards():
            upgrade()
            close_connections()
        yield asked_for
        TestingConfig.SQLALCHEMY_DATABASE_URI = asked_for


@pytest.fixture
def by_statements(app):
    """Be in a view that writes by statements: what the test made before stands alone."""
    db.session.commit()
    for record in db.session:
        db.session.refresh(record)
    db.session.expunge_all()
    db.session.remove()
    begin_read_only(False, by_statements=True)
    yield
    begin_read_only(False)


@pytest.fixture
def empty_database(server_url, tmp_path):
    """The address of a database without tables, of the kind that the tests run on."""
    if server_url is None:
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    with new_database(server_url) as url:
        yield url


@pytest.fixture
def shared_database(server_url, tmp_path):
    """The address of a database that many connections see at once: not one in memory.

    On a server it is that of all tests, with its tables, and has to be left empty.
    """
    return TestingConfig.SQLALCHEMY_DATABASE_URI if server_url else f"sqlite:///{tmp_path}/x.sqlite"


@pytest.fixture(scope="session")
def session_app(server_url):
    app = create_app("testing")
    app.test_client_class = Browser
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        close_connections()


@pytest.fixture
def app(session_app):
    """The application, with the roles in its database and nothing else; its context is pushed."""
    settings = dict(session_app.config)
    with session_app.app_context():
        Role.insert_roles()
        yield session_app
        empty_tables()
    session_app.config.clear()
    session_app.config.update(settings)
    presence.take()
    session_app.extensions["fragments"].clear()


@pytest.fixture
def client(app):
    """A stranger's browser."""
    return app.test_client()


@pytest.fixture
def browser_of(app):
    """Return the browser of a user who has logged in: `browser_of(ann).get("/")`."""

    def log_in(user: User, **fields) -> Browser:
        browser = app.test_client()
        assert browser.log_in(user, **fields).status_code == 302
        return browser

    return log_in


@pytest.fixture
def make_user(app):
    """Make and commit a user; confirmed, with the password `cat`, unless told otherwise."""

    def make(username: str | None = None, *, role: str = "User", **values) -> User:
        username = username or f"u{uuid4().hex[:10]}"
        values = {
            "email": f"{username.lower()}@example.com",
            "password": "cat",
            "confirmed": True,
            "role": Role.named(role),
            **values,
        }
        user = User(username=username, **values)
        db.session.add(user)
        db.session.commit()
        return user

    return make


@pytest.fixture
def ann(make_user):
    return make_user("ann")


@pytest.fixture
def bob(make_user):
    return make_user("bob")


@pytest.fixture
def moderator(make_user):
    return make_user("mod", role="Moderator")


@pytest.fixture
def administrator(make_user):
    return make_user("adm", role="Administrator")


@pytest.fixture
def make_post(make_user):
    """Make and commit a post."""

    def make(body: str = "A post", *, author: User | None = None, **values) -> Post:
        post = Post(body=body, author=author or make_user(), **values)
        db.session.add(post)
        db.session.commit()
        return post

    return make


@pytest.fixture
def make_comment(make_user, make_post):
    """Make and commit a comment."""

    def make(
        body: str = "A comment", *, author: User | None = None, post: Post | None = None, **values
    ) -> Comment:
        comment = Comment(
            body=body, author=author or make_user(), post=post or make_post(), **values
        )
        db.session.add(comment)
        db.session.commit()
        return comment

    return make


@pytest.fixture
def outbox(app):
    """The mails that were sent since the test began, as Flask-Mail's messages."""
    sent = []

    def keep(_app, message):
        sent.append(message)

    with email_dispatched.connected_to(keep):
        yield sent


@pytest.fixture
def storage(app, tmp_path):
    """Where uploads go during this test."""
    app.config["FLASKY_UPLOADS"] = str(tmp_path / "uploads")
    app.extensions.pop("storage", None)
    yield storage_of(app)
    app.extensions.pop("storage")


@contextmanager
def listening(hear):
    """Let `hear` hear of each statement before it is executed, whichever engine does it."""
    engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", hear)


@pytest.fixture
def statements(app):
    """Gather the SQL that runs inside `with statements() as seen:`."""

    @contextmanager
    def gather():
        seen = []

        def spy(_conn, _cursor, statement, _parameters, _context, _many):
            seen.append(statement)

        with listening(spy):
            yield seen

    return gather


@pytest.fixture
def failing_statements(app):
    """Let every statement raise `error` inside `with failing_statements(error):`."""

    @contextmanager
    def failing(error: Exception):
        def fail(*_about):
            raise error

        with listening(fail):
            yield

    return failing
