"""Databases to migrate: a SQLite file, and of the servers on this machine those that answer."""

import logging
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import pytest
from flask_migrate import upgrade
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from app import create_app
from app.extensions import db
from config import TestingConfig

# Where a server is looked for, the database to connect to first, and how one is dropped.
SERVERS = {
    "postgresql": ("postgresql+psycopg://127.0.0.1/", "postgres", "DROP DATABASE {} WITH (FORCE)"),
    "mariadb": ("mysql+pymysql://root@127.0.0.1/", "mysql", "DROP DATABASE {}"),
}


@contextmanager
def new_database(server):
    """Create a database of our own, give its address, and drop it."""
    url, first, drop = SERVERS[server]
    engine = create_engine(url + first, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    name = f"flasky_test_{uuid4().hex}"
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except OperationalError as error:
        pytest.skip(f"no {server} at {url}: {str(error.orig).splitlines()[0]}")
    try:
        yield url + name
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(drop.format(name))


@pytest.fixture(autouse=True, scope="module")
def same_log_afterwards():
    """Alembic's settings are those of a command, and change the logging of the whole process."""
    root, alembic = logging.getLogger(), logging.getLogger("alembic")
    before = root.handlers[:], root.level, alembic.level
    yield
    root.handlers[:], root.level, alembic.level = before


@contextmanager
def application_on(server, folder):
    """Give an application on an empty database, its context pushed."""
    with ExitStack() as stack:
        if server == "sqlite":
            url = f"sqlite:///{folder / 'data.sqlite'}"
        else:
            url = stack.enter_context(new_database(server))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", url)
            app = create_app("testing")
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


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
