"""How the database is: whether it takes writes, what time it has, which release it is of.

These ask a connection, not the session: they are for moments when it is open whether the database
can be asked at all, and for databases that are not the application's own.
"""

from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import NamedTuple

from sqlalchemy import Connection, case, delete, false, func, literal_column, or_, select

from ..lib.clock import utcnow
from ..models import Job

_NOW = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "clock_timestamp() AT TIME ZONE 'UTC'",
    "mysql": "UTC_TIMESTAMP(6)",
    "mariadb": "UTC_TIMESTAMP(6)",
}


def alembic() -> tuple:
    """Return Alembic's modules `migration` and `script`, which are loaded for whoever asks."""
    return import_module("alembic.migration"), import_module("alembic.script")


class Release(NamedTuple):
    """Where the database stands among the migrations that this release knows."""

    found: str | None  # the revision that the database is at; None before the first migration
    needed: str
    is_known: bool

    @property
    def is_current(self) -> bool:
        return self.found == self.needed

    @property
    def is_behind(self) -> bool:
        return self.is_known and not self.is_current


class Waiting(NamedTuple):
    """The jobs that nobody has done: how many, how many given up, and since when at the most."""

    waiting: int
    parked: int
    overdue: int
    oldest: datetime | None


def release(connection: Connection, scripts: str) -> Release:
    """Compare the database with the migrations in the folder `scripts`."""
    needed, known = _migrations(scripts)
    found = alembic()[0].MigrationContext.configure(connection).get_current_revision()
    return Release(found, needed, found is None or found in known)


@cache  # the code of a process does not change
def _migrations(scripts: str) -> tuple[str, frozenset[str]]:
    directory = alembic()[1].ScriptDirectory(scripts)
    known = frozenset(script.revision for script in directory.walk_revisions())
    return directory.get_current_head(), known


def ensure_writable(connection: Connection) -> None:
    """Raise what the database answers to somebody who writes (DBAPIError). Changes nothing."""
    connection.execute(delete(Job).where(false()))


def database_now(connection: Connection) -> datetime:
    """Return the time that the database has, as naive UTC."""
    now = connection.scalar(select(literal_column(_NOW[connection.dialect.name])))
    return datetime.fromisoformat(now) if isinstance(now, str) else now


def jobs_waiting(connection: Connection, patience: timedelta) -> Waiting:
    """Count the jobs that are not done; overdue are those that were due before `patience`."""
    is_parked = Job.parked_at.is_not(None)
    latest = utcnow() - patience
    is_overdue = ~is_parked & (Job.run_at < latest)
    is_overdue &= or_(Job.claimed_at.is_(None), Job.claimed_at < latest)
    row = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((is_parked, 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_overdue, 1), else_=0)), 0),
            func.min(case((is_overdue, Job.run_at))),
        ).where(Job.done_at.is_(None))
    ).one()
    return Waiting(int(row[0] - row[1]), int(row[1]), int(row[2]), row[3])
