"""Whose turn it is to write to a file of SQLite."""

import sqlite3
import time
from threading import Lock

_NAP = 0.0005  # seconds
_TIMES = 2  # the busy_timeout of a connection

# Per file: held by the one thread of this process that asks for the turn. It holds nothing while
# it writes, so that no way in which that may end has to give anything back.
_at_the_door: dict[str | None, Lock] = {}


def begin_in_turn(connection: sqlite3.Connection, file: str | None) -> bool:
    """Open a transaction that may write; tell whether the turn came within twice busy_timeout.

    SQLite lets those who wait ask again after 1, 2, 5 and soon 100 ms. Newcomers ask more often
    and go first, so that with eight writers one in a hundred waited fifty times as long as most.
    Here the threads of a process wait in line, and the first of it asks every half a millisecond.
    Processes know nothing of one another; all ask equally often, so each is as likely to be next.

    No other error of SQLite is raised: who gets False asks again, and is told.
    """
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    deadline = time.monotonic() + _TIMES * patience / 1000
    door = _at_the_door.get(file) or _at_the_door.setdefault(file, Lock())
    if not door.acquire(timeout=_TIMES * patience / 1000):
        return False
    try:
        connection.execute("PRAGMA busy_timeout=0")
        return _ask_until(deadline, connection)
    finally:
        connection.execute(f"PRAGMA busy_timeout={patience}")
        door.release()


def _ask_until(deadline: float, connection: sqlite3.Connection) -> bool:
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                return False
        else:
            return True
        time.sleep(_NAP)
