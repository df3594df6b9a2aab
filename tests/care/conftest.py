"""Sites with rows and uploads, on each of the three databases."""

import io
import logging
import shutil
from collections import namedtuple
from datetime import datetime
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from app.extensions import db
from app.models import Job, Post, Role, User
from app.models.rate_limit import RateLimit
from tests.cli.test_deploy import PROJECT

SCRIPTS = str(PROJECT / "migrations")
HEAD = ScriptDirectory(SCRIPTS).get_current_head()
SERVERS = {
    "postgresql": ("postgresql+psycopg://postgres@127.0.0.1/postgres", "pg_dump"),
    "mariadb": ("mysql+pymysql://root@127.0.0.1/mysql?charset=utf8mb4", "mariadb-dump"),
}
Stored = namedtuple("Stored", "name")


class Shelf(dict):
    """A storage in memory: names and what is kept under them."""

    def list(self):
        return (Stored(name) for name in list(self))

    def open(self, name):
        if name not in self:
            raise FileNotFoundError(name)
        return io.BytesIO(self[name])

    def save(self, name, content):
        self[name] = content

    def delete(self, name):
        self.pop(name, None)


@pytest.fixture(autouse=True)
def same_log_afterwards():
    """A migration sets the logging of its process up, which here is that of all tests."""
    root, alembic = logging.getLogger(), logging.getLogger("alembic")
    before = root.handlers[:], root.level, alembic.level
    yield
    root.handlers[:], root.level, alembic.level = before


@pytest.fixture
def new_database(tmp_path):
    """Make an empty database of this kind and return its engine; skip if there is no server."""
    cleaning = []

    def make(kind):
        name = f"flasky_care_{uuid4().hex[:12]}"
        if kind == "sqlite":
            engine = create_engine(f"sqlite:///{tmp_path / name}.sqlite", poolclass=NullPool)
        else:
            url = _create(kind, name, cleaning)
            engine = create_engine(url, poolclass=NullPool)
        cleaning.append(engine.dispose)
        return engine

    yield make
    for clean in reversed(cleaning):
        clean()


def _create(kind, name, cleaning):
    address, tool = SERVERS[kind]
    server = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except OperationalError as error:
        pytest.skip(f"no {kind} at hand: {error.orig}")
    cleaning.append(lambda: _drop(server, name))
    if shutil.which(tool) is None:
        pytest.skip(f"the program {tool} is not installed")
    return make_url(address).set(database=name)


def _drop(server, name):
    force = " WITH (FORCE)" if server.dialect.name == "postgresql" else ""
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}{force}")


@pytest.fixture
def fill():
    """Give the database of an engine tables and a few rows that are hard to copy."""

    def make(engine, people=3):
        with engine.begin() as connection:
            db.metadata.create_all(connection)
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
            connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")
            insert = connection.execute
            insert(Role.__table__.insert(), [{"id": 4, "name": "Users", "permissions": 7}])
            for number in range(1, people + 1):
                texts = {
                    "username": f"u{number}",
                    "name": 'Ann 🦊 "O\'Neill" \\ %s :x',
                    "role_id": 4,
                }
                when = {"member_since": datetime(2026, 3, 1, 12, 0, 0, number)}
                insert(User.__table__.insert(), [{"id": number * 7, **texts, **when}])
                post = {"body": f"line\r\n{number}\t€", "author_id": number * 7}
                insert(Post.__table__.insert(), [post])
            insert(Job.__table__.insert(), [{"name": "x", "payload": {"b": [1, None], "a": "é"}}])
        return engine

    return make


@pytest.fixture
def add_pair():
    """Add a job and a count in one transaction: one is never seen without the other."""

    def add(engine):
        with engine.begin() as connection:
            connection.execute(Job.__table__.insert(), [{"name": "pair"}])
            row = {"key": uuid4().hex, "hits": 1, "expires_at": datetime(2030, 1, 1)}
            connection.execute(RateLimit.__table__.insert(), [row])

    return add
