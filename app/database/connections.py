"""What every connection is told when it is made, when it begins to write, and after a rest."""

from time import monotonic

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from ..lib.database_errors import has_no_session
from ..lib.turns import begin_in_turn
from .session import is_read_only

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
        if is_read_only():
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


@event.listens_for(Engine, "handle_error")
def _leave_what_was_lost(context):
    """psycopg can see that its socket was closed before libpq does, whom SQLAlchemy asks."""
    if context.connection is not None and has_no_session(context.original_exception):
        context.is_disconnect = True
