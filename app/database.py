"""What all tables share, how a transaction is opened, and when it may be done again."""

import random
import time
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from flask_sqlalchemy.session import Session
from sqlalchemy import DateTime, Engine, MetaData, Text, UpdateBase, event
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from .lib.database_errors import Trouble, trouble_of
from .lib.turns import begin_in_turn

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


# The engine that reads without transactions, where the database has one (startup/engine.py).
READING = "reading"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class RoutingSession(Session):
    """Reads from a replica where the request allows it, and does everything else at the primary."""

    def get_bind(self, mapper=None, clause=None, bind=None, **kwargs):
        reads = bind is None and _read_only.get()
        if not reads or self._flushing or isinstance(clause, UpdateBase):
            return super().get_bind(mapper=mapper, clause=clause, bind=bind, **kwargs)
        replica = _replica.get()
        if replica is not None:
            try:
                self.connection(bind_arguments={"bind": replica})
            except (OperationalError, NoConnectionLeft):
                read_from(None)  # it has gone just now; the primary has everything
            else:
                return replica
        return self._db.engines.get(READING) or super().get_bind(
            mapper=mapper, clause=clause, **kwargs
        )


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


_BUSY_TIMEOUT = 5000  # milliseconds


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
        f"busy_timeout={_BUSY_TIMEOUT}",
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
            dbapi_connection.execute("BEGIN")  # waits for nobody, so it needs none of SQLAlchemy
        else:
            _begin_writing(connection, dbapi_connection)


def _begin_writing(connection, dbapi_connection) -> None:
    """Wait for the turn to write, three times as long as busy_timeout.

    The last third of that is SQLite's own way of waiting, and what is raised SQLAlchemy's.
    """
    if not begin_in_turn(dbapi_connection, connection.engine.url.database):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _is_sqlite(dbapi_connection) -> bool:
    return type(dbapi_connection).__module__.startswith("sqlite3")


# --- Connections that nobody used for a while -----------------------------------------------

_IDLE = 1.0  # seconds


@event.listens_for(Engine, "checkin")
def _note_use(_dbapi_connection, record):
    record.info["used"] = monotonic()


@event.listens_for(Engine, "checkout")
def _look_after_idleness(dbapi_connection, record, _proxy):
    """See whether the server is still there, as pool_pre_ping does at each checkout.

    On a busy site that would be a way there and back for each request; whoever meets a connection
    that was lost just now is repeated (startup/repetition.py).
    """
    idle = monotonic() - record.info.get("used", monotonic())
    if idle < _IDLE or _is_sqlite(dbapi_connection):
        return
    try:
        dbapi_connection.cursor().execute("SELECT 1")
        dbapi_connection.rollback()
    except Exception as error:  # whatever the driver calls it
        raise DisconnectionError from error  # the pool makes a new one


# --- Doing it again ------------------------------------------------------------------------

# What SQLAlchemy raises when the database is in trouble, or somebody else was quicker.
DATABASE_ERRORS = (DBAPIError, NoConnectionLeft, StaleDataError, ObjectDeletedError)

_commit_was_sent: ContextVar[bool] = ContextVar("commit_was_sent", default=False)


@event.listens_for(Engine, "commit")
def _note_commit(_connection):
    _commit_was_sent.set(True)


def begin_act() -> None:
    """Declare that nothing of what is done from here on has been committed yet."""
    _commit_was_sent.set(False)


def is_undone() -> bool:
    """Tell whether nothing can have been committed since `begin_act`.

    Once a COMMIT is on its way this is false, even if its answer never came: it may have arrived.
    """
    return not _commit_was_sent.get()


def trouble_with(error: Exception) -> Trouble | None:
    """Tell what an error of SQLAlchemy means; None for a fault of ours."""
    if isinstance(error, NoConnectionLeft):
        return Trouble.AWAY
    if isinstance(error, (IntegrityError, StaleDataError, ObjectDeletedError)):
        return Trouble.LOST_RACE
    if not isinstance(error, DBAPIError):
        return None
    return Trouble.AWAY if error.connection_invalidated else trouble_of(error.orig)


def pause_before(number: int) -> float:
    """Return how many seconds to wait before try `number`: longer each time, never the same."""
    return 0.1 * 2 ** (number - 2) * random.uniform(0.5, 1.5)  # noqa: S311 - guards nothing


def repeated(act: Callable, *, undo: Callable[[], None], tries: int):
    """Return what `act()` does, in a transaction that it commits itself.

    If the database breaks it off before a commit was sent, `undo()` and do the whole of it again.
    """
    for number in range(1, tries + 1):
        begin_act()
        try:
            return act()
        except DATABASE_ERRORS as error:
            undo()
            if number == tries or trouble_with(error) is None or not is_undone():
                raise
        time.sleep(pause_before(number + 1))
    raise ValueError("there has to be one try at least")
