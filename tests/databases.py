"""The databases of the tests: SQLite, or new ones on a server.

The whole suite runs on the server at TEST_DATABASE_URL if it is set. Tests that compare databases
look for a PostgreSQL and a MariaDB themselves; whoever lets them in needs the right to create
databases there.
"""

import logging
import os
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from app.extensions import db

# Where a server of each kind is: as CI says, or at the usual place of this machine.
SERVERS = {
    "postgresql": os.environ.get("TEST_POSTGRES_URL") or "postgresql://127.0.0.1/postgres",
    "mariadb": os.environ.get("TEST_MARIADB_URL") or "mysql+pymysql://root@127.0.0.1/mysql",
}
_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}  # that we install
_DROP = {"postgresql": "DROP DATABASE {} WITH (FORCE)", "mysql": "DROP DATABASE {}"}


def is_server(url: str) -> bool:
    return make_url(url).get_backend_name() != "sqlite"


@contextmanager
def same_logging_afterwards():
    """Alembic's settings are those of a command, and change the logging of the whole process."""
    root, alembic = logging.getLogger(), logging.getLogger("alembic")
    before = root.handlers[:], root.level, alembic.level
    yield
    root.handlers[:], root.level, alembic.level = before


def _with_driver(address: str) -> URL:
    url = make_url(address)
    return url.set(drivername=_DRIVERS[url.get_backend_name()])


def server_at_hand(kind: str) -> str:
    """Return the address of a server of this kind; without one, skip the test, or fail in CI."""
    url = _with_driver(SERVERS[kind])
    try:
        create_engine(
            url, poolclass=NullPool, connect_args={"connect_timeout": 5}
        ).connect().close()
    except OperationalError as error:
        absent = f"no {kind} at {url}: {str(error.orig).splitlines()[0]}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(absent)
    return url.render_as_string(hide_password=False)


@contextmanager
def new_database(server_url: str):
    """Create a database beside the one at `server_url`, give its address, and drop it."""
    url = _with_driver(server_url)
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    name = f"flasky_test_{uuid4().hex}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(_DROP[url.get_backend_name()].format(name))


def close_connections() -> None:
    """Close the connections of the present application that nobody uses."""
    for engine in db.engines.values():
        engine.dispose()


def empty_tables() -> None:
    """Remove all rows, and commit."""
    db.session.rollback()
    tables = list(reversed(db.metadata.sorted_tables))
    if db.engine.dialect.name != "sqlite":
        # Each statement is a journey, and most tables are empty: ask once for all of them.
        tables = _filled(db.engine, tables)
    for table in tables:
        db.session.execute(table.delete())
    db.session.commit()


def _filled(engine: Engine, tables: list) -> list:
    quote = engine.dialect.identifier_preparer.quote
    asked = ", ".join(f"EXISTS (SELECT 1 FROM {quote(table.name)})" for table in tables)
    answers = db.session.execute(text(f"SELECT {asked}")).one()
    return [table for table, is_filled in zip(tables, answers, strict=True) if is_filled]
