"""The queues that Huey knows: a file, Redis, PostgreSQL, or the process's own memory."""

import sqlite3
from urllib.parse import urlsplit

from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.exceptions import HueyException

from ..exceptions import ConfigurationError
from .redis import REDIS_ERRORS, connection_pool, require_client
from .redis import SCHEMES as REDIS

try:
    import psycopg
except ImportError:
    psycopg = None

POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
# What a queue that is away raises.
QUEUE_ERRORS = (
    HueyException,
    OSError,
    sqlite3.Error,
    *REDIS_ERRORS,
    *((psycopg.Error,) if psycopg else ()),
)
_NAME = "flasky"


def check_queue_url(url: str | None) -> None:
    """Raise ConfigurationError if `url` names no queue that there is."""
    scheme = urlsplit(url or "").scheme
    if url and scheme not in REDIS + POSTGRESQL:
        # Not the URL itself: it may hold a password.
        raise ConfigurationError(
            "FLASKY_QUEUE_URL must begin with redis://, rediss:// or postgresql://, "
            f"not with {scheme!r}."
        )
    if scheme in REDIS:
        require_client()
    if scheme in POSTGRESQL and psycopg is None:
        raise ConfigurationError(
            "FLASKY_QUEUE_URL names a PostgreSQL, but its driver is not installed. "
            "Run: pip install -r requirements/prod.txt"
        )


def open_queue(url: str | None, file: str | None, *, timeout: float) -> Huey:
    """Return the queue at `url`, or else in `file`, or else in memory.

    A Redis or PostgreSQL that is silent is given up after `timeout` seconds. Raises one of
    QUEUE_ERRORS when the queue is away.
    """
    scheme = urlsplit(url or "").scheme
    if scheme in REDIS:
        pool = connection_pool(url, timeout=timeout)
        # A worker that waits for work must hear that there is none before it gives up.
        return RedisHuey(_NAME, connection_pool=pool, read_timeout=timeout / 2, results=False)
    if scheme in POSTGRESQL:
        address = url.replace(f"{scheme}://", "postgresql://", 1)
        milliseconds = int(timeout * 1000)
        return PostgresHuey(
            _NAME,
            dsn=address,
            results=False,
            connect_timeout=2,  # the least that libpq takes, in whole seconds
            options=f"-c statement_timeout={milliseconds}",
            tcp_user_timeout=milliseconds,
        )
    if file is not None:
        return SqliteHuey(_NAME, filename=file, results=False)
    return MemoryHuey(_NAME)
