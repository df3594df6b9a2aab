"""Is the database there, does it take writes, and is it of this release?"""

from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from ..lib.clock import utcnow
from ..queries.condition import database_now, ensure_writable, jobs_waiting, release
from .finding import FAIL, OK, WARN, Finding, in_one_line

OVERDUE = timedelta(minutes=5)
_CLOCK_MAY_DIFFER, _CLOCK_IS_OFF = 2, 30  # seconds

# What the three databases and their drivers say, and what to do about it. The first that fits.
_ADVICE = (
    (("unable to open database file",), "See that its folder exists and can be written to."),
    (("readonly", "read-only"), "Make its file, folder and disk writable."),
    (("locked",), "Another process holds it: end that, or wait."),
    (("full",), "Make room on the disk."),
    (
        ("password authentication", "Access denied", "no password supplied", "role "),
        "See the user and the password in {setting}.",
    ),
    (("does not exist", "Unknown database"), "Create it, or see its name in {setting}."),
    (("malformed", "not a database"), "Restore a backup: flask restore."),
)
_OTHERWISE = "See host and port in {setting}, and whether the server runs."


def explain(error: Exception, url, setting: str) -> str:
    """Return in one line what is wrong with the database at `url`, and what to do."""
    said = str(getattr(error, "orig", None) or error).strip()
    # The lines that follow the first are libpq's own advice.
    text = in_one_line(said.partition("\n")[0], make_url(url).password)
    advice = next((a for words, a in _ADVICE if any(w in text for w in words)), _OTHERWISE)
    return f"{text}. {advice.format(setting=setting)}"


def check_database(engine: Engine, setting: str) -> Finding:
    try:
        with engine.connect() as connection:
            version = ".".join(map(str, connection.dialect.server_version_info))
    except DBAPIError as error:
        return Finding(FAIL, "database", explain(error, engine.url, setting))
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(engine.name, "MariaDB/MySQL")
    return Finding(OK, "database", f"{name} {version} answers.")


def check_writes(engine: Engine, setting: str) -> Finding:
    try:
        with engine.connect() as connection:
            ensure_writable(connection)
    except DBAPIError as error:
        if "no such table" in str(error) or "exist" in str(error.orig):
            return Finding(WARN, "writing", "There are no tables to write to. Run: flask deploy")
        return Finding(FAIL, "writing", explain(error, engine.url, setting))
    return Finding(OK, "writing", "The database can be written to.")


def check_migrations(engine: Engine, scripts: str) -> Finding:
    with engine.connect() as connection:
        now = release(connection, scripts)
    if now.is_current:
        return Finding(OK, "migrations", f"The database is at {now.found}, as it should be.")
    if now.found is None:
        sentence = "The database has no tables yet. Run: flask deploy"
    elif now.is_known:
        sentence = (
            f"The database is at {now.found} and this release needs {now.needed}. Run: flask deploy"
        )
    else:
        sentence = (
            f"The database is at {now.found}, which this release does not know. Install the "
            "release that it was made by, or restore an older backup."
        )
    return Finding(FAIL, "migrations", sentence)


def check_clock(engine: Engine) -> Finding:
    with engine.connect() as connection:
        off = abs((database_now(connection) - utcnow()).total_seconds())
    if off <= _CLOCK_MAY_DIFFER:
        return Finding(OK, "clock", "This machine and the database agree on the time.")
    sentence = (
        f"This machine and the database differ by {off:.0f} seconds. "
        "Let both follow a time server (systemd-timesyncd, chrony)."
    )
    return Finding(FAIL if off > _CLOCK_IS_OFF else WARN, "clock", sentence)


def check_queue(engine: Engine) -> Finding:
    with engine.connect() as connection:
        jobs = jobs_waiting(connection, OVERDUE)
    if jobs.overdue:
        sentence = (
            f"{jobs.overdue} jobs are overdue, the oldest since {jobs.oldest:%Y-%m-%d %H:%M} UTC. "
            "See that the worker runs: flask worker"
        )
        return Finding(FAIL, "queue", sentence)
    if jobs.parked:
        sentence = f"{jobs.parked} jobs were given up after many attempts. See: flask jobs list"
        return Finding(WARN, "queue", sentence)
    return Finding(OK, "queue", f"No job is overdue; {jobs.waiting} wait for their time.")
