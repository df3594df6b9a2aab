"""Moving a site from one database to another, above all from SQLite to PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import URL, Connection, Engine, MetaData, Table, func, select, text
from sqlalchemy.exc import DBAPIError

from ..database import reading
from ..exceptions import OperationFailed
from ..extensions import db
from ..queries.condition import release
from .content import content_hash, differences, summarise
from .database import explain
from .finding import in_one_line
from .progress import Progress, silently
from .restore import filled_tables

_AT_ONCE = 1000  # rows


def move(
    source: Engine,
    target_url: URL,
    metadata: MetaData,
    scripts: str,
    *,
    progress: Progress = silently,
) -> dict:
    """Copy every row of `source` to the empty database at `target_url`; return the summary.

    The target is brought to the newest migration first. All rows arrive in one transaction, which
    is committed when both databases hold the same: a move that fails leaves no rows behind, and
    can be tried again. Raises OperationFailed.
    """
    if source.url == target_url:
        raise OperationFailed("The site is in that database already.")
    with _database_at(target_url) as target, ExitStack() as stack:
        _ensure_ready(source, target, target_url, scripts)
        upgrade(directory=scripts)
        here = stack.enter_context(_snapshot(source))
        there = stack.enter_context(_writing(target))
        with progress("Rows     ", _count(here, metadata)) as advance:
            for table in reversed(metadata.sorted_tables):  # what the migrations put there
                there.execute(table.delete())
            for table in metadata.sorted_tables:
                _copy(table, here, there, advance)
        _set_sequences(there, metadata)
        return _compare(here, there, metadata, progress)


@contextmanager
def _database_at(url: URL) -> Iterator[Engine]:
    """Make `db` and the migrations work on another database inside."""
    place = Flask("target")
    place.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(place)
    Migrate(place, db, render_as_batch=True)
    with place.app_context():
        try:
            yield db.engine
        finally:
            db.engine.dispose()


def _ensure_ready(source: Engine, target: Engine, target_url: URL, scripts: str) -> None:
    with source.connect() as connection:
        if not release(connection, scripts).is_current:
            raise OperationFailed("The present database is not up to date. Run: flask deploy")
    try:
        filled = filled_tables(target)
    except DBAPIError as error:
        raise OperationFailed(explain(error, target_url, "the address given")) from None
    if filled:
        raise OperationFailed(
            f"The target holds rows already ({', '.join(filled)}). It has to be empty."
        )


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection that goes on seeing the same rows, and hinders nobody."""
    if engine.dialect.name != "sqlite":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with reading(), engine.connect() as connection:
        _without_time_limit(connection)
        # The transaction begins with the first row that is read.
        connection.execute(select(1))
        yield connection


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            _without_time_limit(connection)
            yield connection
    except DBAPIError as error:
        said = in_one_line(error.orig, engine.url.password)
        raise OperationFailed(f"The target refused: {said[:300]}. Nothing was kept.") from None


def _without_time_limit(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))


def _count(connection: Connection, metadata: MetaData) -> int:
    return sum(
        connection.scalar(select(func.count()).select_from(table))
        for table in metadata.sorted_tables
    )


def _copy(table: Table, here: Connection, there: Connection, advance) -> None:
    # By their numbers, so that a row which points to another of its table finds it.
    rows = here.execution_options(yield_per=_AT_ONCE).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    for batch in rows.mappings().partitions():
        there.execute(table.insert(), [dict(row) for row in batch])
        advance(len(batch))


def _set_sequences(connection: Connection, metadata: MetaData) -> None:
    """Let new rows go on counting after the last; PostgreSQL counts by itself only what it gave."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = select(func.max(column)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            is_called = last.is_not(None)
            connection.execute(select(func.setval(sequence, func.coalesce(last, 1), is_called)))


def _compare(here: Connection, there: Connection, metadata: MetaData, progress: Progress) -> dict:
    """Return the summary of both, or raise OperationFailed, which undoes the move."""
    before = summarise(here, metadata, progress=progress)
    after = summarise(there, metadata, like=before, progress=progress)
    if before != after:
        wrong = ", ".join(differences(before, after))
        raise OperationFailed(f"The copy differs from the original: {wrong}. Nothing was kept.")
    return {"tables": after, "uploads": {}, "hash": content_hash(after, {})}
