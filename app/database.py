"""What all tables share, and how a transaction is opened."""

import sqlite3
from contextlib import contextmanager
from contextvars import ContextVar

from flask_sqlalchemy.session import Session
from sqlalchemy import DateTime, Engine, MetaData, Text, UpdateBase, event
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import DeclarativeBase

# Constraints with names can be changed by a migration on every database.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# MariaDB and MySQL drop the microseconds unless they are asked for.
Timestamp = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")

# Their TEXT ends at 64 KB, which a rendered post may exceed.
LongText = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class RoutingSession(Session):
    """Reads from a replica where the request allows it, and does everything else at the primary."""

    def get_bind(self, mapper=None, clause=None, bind=None, **kwargs):
        replica = _replica.get() if bind is None and _read_only.get() else None
        if replica is not None and not self._flushing and not isinstance(clause, UpdateBase):
            try:
                self.connection(bind_arguments={"bind": replica})
            except (OperationalError, NoConnectionLeft):
                read_from(None)  # it has gone just now; the primary has everything
            else:
                return replica
        return super().get_bind(mapper=mapper, clause=clause, bind=bind, **kwargs)


_read_only: ContextVar[bool] = ContextVar("read_only", default=False)
_replica: ContextVar[Engine | None] = ContextVar("replica", default=None)


def begin_read_only(read_only: bool) -> None:
    """Declare whether the transactions from here on only read."""
    _read_only.set(read_only)


def is_read_only() -> bool:
    return _read_only.get()


def writing():
    """Let a transaction that is opened inside write, although the request only reads.

    What is read afterwards must show it, so it comes from the primary.
    """
    read_from(None)
    return _for_now(read_only=False)


def reading():
    """Open transactions inside only for reading, so that on SQLite nobody has to wait for them."""
    return _for_now(read_only=True)


def read_from(replica: Engine | None) -> None:
    """Let what only reads, from here on, read from `replica`; from the primary if that is None."""
    _replica.set(replica)


def reads_from_replica() -> bool:
    return _replica.get() is not None


@contextmanager
def primary():
    """Read from the primary inside: what must be true at this moment."""
    before = _replica.set(None)
    try:
        yield
    finally:
        _replica.reset(before)


@contextmanager
def _for_now(*, read_only: bool):
    before = _read_only.set(read_only)
    try:
        yield
    finally:
        _read_only.reset(before)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(dbapi_connection, _record):
    if not _is_sqlite(dbapi_connection):
        return
    # Stop the driver's own BEGIN: it comes late, so that two transactions that read before they
    # write overwrite each other's work. _begin_sqlite opens them instead.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection):
    dbapi_connection = connection.connection.dbapi_connection
    # An in-memory database has one connection for everybody, which may be in a transaction.
    if _is_sqlite(dbapi_connection) and not dbapi_connection.in_transaction:
        if _read_only.get():
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_writing(connection, tries=3)


def _begin_writing(connection, *, tries: int) -> None:
    """Wait for the turn to write, `tries` times as long as busy_timeout.

    SQLite gives the turn to whoever asks at the right moment, so that among many writers one may
    be out of luck for longer than that.
    """
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        if tries == 1 or error.orig.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        _begin_writing(connection, tries=tries - 1)


def _is_sqlite(dbapi_connection) -> bool:
    return type(dbapi_connection).__module__.startswith("sqlite3")
