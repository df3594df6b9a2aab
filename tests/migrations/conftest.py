"""Databases to migrate: a SQLite file, and of the servers on this machine those that answer."""

from contextlib import ExitStack, contextmanager

import pytest
from flask_migrate import upgrade

from app import create_app
from app.extensions import db
from config import TestingConfig
from tests.databases import (
    SERVERS,
    close_connections,
    new_database,
    same_logging_afterwards,
    server_at_hand,
)


@pytest.fixture(autouse=True, scope="module")
def same_log_afterwards():
    with same_logging_afterwards():
        yield


@contextmanager
def application_on(server, folder):
    """Give an application on an empty database, its context pushed."""
    with ExitStack() as stack:
        if server == "sqlite":
            url = f"sqlite:///{folder / 'data.sqlite'}"
        else:
            url = stack.enter_context(new_database(server_at_hand(server)))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", url)
            app = create_app("testing")
        with app.app_context():
            yield app
            db.session.remove()
            close_connections()


@pytest.fixture(params=["sqlite", *SERVERS])
def empty(request, tmp_path):
    """An application on a database that nothing has been done to."""
    with application_on(request.param, tmp_path) as app:
        yield app


@pytest.fixture(params=["sqlite", *SERVERS], scope="module")
def upgraded(request, tmp_path_factory):
    """An application on a database that the migrations have made."""
    with application_on(request.param, tmp_path_factory.mktemp("upgraded")) as app:
        upgrade()
        yield app


@pytest.fixture
def migrated(upgraded):
    """The same, without rows."""
    yield upgraded
    db.session.rollback()
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(table.delete())
    db.session.commit()
