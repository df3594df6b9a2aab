"""Can this process serve people right now?"""

import time
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ..lib.deadlines import Answer
from ..queries.condition import alembic, ensure_writable, jobs_waiting, release
from .database import OVERDUE, explain

_PATIENCE = 1  # second: what has no answer by then is no answer
_PAUSE = 1  # second until the database is asked anew
OK = "ok"


class Readiness:
    """Asks the database at most once a second, however many ask us.

    The question runs in a thread of its own, so that a database that hangs costs one thread and
    nobody waits for it.
    """

    def __init__(self, engine: Engine, scripts: str, setting: str):
        self._engine, self._scripts, self._setting = engine, scripts, setting
        self._lock, self._answer, self._asked_at = Lock(), None, 0.0
        alembic()  # what takes a moment to load must not look like a silent database

    def ask(self) -> tuple[dict[str, str], str | None]:
        """Return a word for each matter, and what to write to the log when one is not well."""
        with self._lock:
            now = time.monotonic()
            is_old = now - self._asked_at >= _PAUSE
            if self._answer is None or (is_old and self._answer.is_there):
                self._answer, self._asked_at = Answer(self._look), now
            answer, left = self._answer, self._asked_at + _PATIENCE - now
        try:
            return answer.wait(max(0, left))
        except TimeoutError as error:
            return {"database": "silent"}, f"the database gives {error}"
        except DBAPIError as error:
            return {"database": "away"}, explain(error, self._engine.url, self._setting)
        except SQLAlchemyError as error:  # all connections are taken, for one
            return {"database": "busy"}, str(error)

    def _look(self) -> tuple[dict[str, str], str | None]:
        with self._engine.connect() as connection:
            now = release(connection, self._scripts)
            if now.is_behind:
                trouble = f"the database is at {now.found}, and {now.needed} is needed"
                return {"database": OK, "migrations": "behind"}, trouble
            try:
                ensure_writable(connection)
            except DBAPIError as error:
                trouble = explain(error, self._engine.url, self._setting)
                return {"database": "read-only"}, trouble
            jobs = jobs_waiting(connection, OVERDUE)
        # A database of a later release is well: during an upgrade the old one still serves. Jobs
        # that wait are lost for nobody, and taking the site away would not hurry them.
        queue = "late" if jobs.overdue else OK
        return {"database": OK, "migrations": OK, "queue": queue}, None
