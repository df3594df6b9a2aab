"""What tests of promises may ask for."""

import pytest

from app import create_app
from app.extensions import db
from app.jobs.handlers import HANDLERS
from app.models import Job, Role
from config import TestingConfig
from tests.databases import close_connections, empty_tables


@pytest.fixture(autouse=True)
def no_queue_was_missed(session_app):
    """Let the next test not suffer from a queue that was away in this one."""
    yield
    session_app.extensions.pop("queue_absence", None)


@pytest.fixture
def waiting(app, monkeypatch):
    """Hold back the queue: promises wait. Gives the ids that were handed over."""
    handed_over = []

    class Queue:
        run_job = staticmethod(handed_over.append)

    monkeypatch.setitem(app.extensions, "queue", Queue)
    return handed_over


@pytest.fixture
def handler(monkeypatch):
    """Let a function keep the promises `test`: `handler(function)`."""

    def register(function, name="test"):
        monkeypatch.setitem(HANDLERS, name, function)

    return register


@pytest.fixture
def kept(handler):
    """The payloads of the promises `test` that were kept."""
    payloads = []
    handler(lambda **payload: payloads.append(payload))
    return payloads


@pytest.fixture
def job_of(app):
    """Return the job of this name, as the database has it now."""

    def find(name="test"):
        db.session.rollback()
        db.session.expire_all()
        return Job.query.filter_by(name=name).one()

    return find


@pytest.fixture
def site(shared_database, tmp_path, monkeypatch):
    """An application with a database and a queue in files, that other connections see too."""
    monkeypatch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", shared_database)
    monkeypatch.setattr(TestingConfig, "FLASKY_QUEUE_FILE", str(tmp_path / "queue.sqlite"))
    app = create_app("testing")
    with app.app_context():
        db.create_all()
        Role.insert_roles()
        yield app
        empty_tables()
        close_connections()
