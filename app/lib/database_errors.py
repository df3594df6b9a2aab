"""What the error of a database driver means for the transaction that it ended.

Told by the codes of the drivers we use: SQLSTATE (PostgreSQL), errno (MariaDB, MySQL) and SQLite's
own. https://www.postgresql.org/docs/current/errcodes-appendix.html,
https://mariadb.com/kb/en/mariadb-error-codes/, https://www.sqlite.org/rescode.html
"""

from enum import Enum


class Trouble(Enum):
    BROKEN_OFF = "the database broke the transaction off; doing it again will help"
    LOST_RACE = "a constraint fired, or a row was gone: perhaps somebody else was quicker"
    AWAY = "the database is away, full, busy, or does not take writes for now"


_BROKEN_OFF = {
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    1020,  # record has changed since it was read (snapshot isolation)
    1213,  # deadlock found
}
_AWAY_CLASSES = ("08", "53", "57")  # connection, resources, intervention of an operator
_AWAY = {
    "25006",  # read_only_sql_transaction: a standby
    "55P03",  # lock_not_available: lock_timeout
    1021,  # disk full
    1040,  # too many connections
    1053,  # shutdown in progress
    1203,  # too many connections of this user
    1205,  # lock wait timeout
    1290,  # read-only server
    1317,  # query interrupted
    1927,  # connection was killed
    1969,  # max_statement_time exceeded
    2002,  # cannot connect to the socket
    2003,  # cannot connect to the server
    2006,  # server has gone away
    2013,  # lost connection
    3024,  # max_execution_time exceeded (MySQL)
}
# busy, locked, read-only, interrupted, disk I/O, full, cannot open: the low byte of the code
_AWAY_IN_SQLITE = {5, 6, 8, 9, 10, 13, 14}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Tell what `error`, raised by a driver, means; None for a fault of the statement."""
    sqlite_code = getattr(error, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return Trouble.AWAY if sqlite_code & 0xFF in _AWAY_IN_SQLITE else None
    code = _code_of(error)
    if code in _BROKEN_OFF or _lost_its_savepoint(error, code):
        return Trouble.BROKEN_OFF
    if code in _AWAY or (isinstance(code, str) and code.startswith(_AWAY_CLASSES)):
        return Trouble.AWAY
    if has_no_session(error):
        return Trouble.AWAY
    return None


def has_no_session(error) -> bool:
    """Tell whether psycopg did not get as far as a session with the server, or has lost it.

    There is no SQLSTATE then, which only the server gives.
    """
    return type(error).__name__ in ("OperationalError", "ConnectionTimeout") and (
        hasattr(error, "diag") and error.sqlstate is None
    )


def _code_of(error) -> str | int | None:
    """Return the SQLSTATE that PostgreSQL gave, or the number that MariaDB gave."""
    if hasattr(error, "diag"):
        return error.sqlstate
    arguments = getattr(error, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else None


def _lost_its_savepoint(error, code) -> bool:
    """After a deadlock MariaDB has no savepoint to go back to: the transaction is gone with it."""
    return code == 1305 and "SAVEPOINT" in str(error)
