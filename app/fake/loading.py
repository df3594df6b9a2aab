"""The quickest way into each database that leaves it whole, whatever happens on the way."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from sqlalchemy import (
    Connection,
    DateTime,
    Table,
    column,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy import table as alike
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    ExecutableDDLElement,
)

from ..extensions import db
from .chance import batched
from .tally import Tally

# There, tables and indexes change within a transaction, and with it they come back.
_UNDOES_DDL = ("postgresql", "sqlite")
_AT_ONCE = 100  # rows to a statement on SQLite; with more of them it is not quicker


@contextmanager
def loading(*tables: Table, are_empty: bool, tally: Tally) -> Iterator[Callable[[], None]]:
    """Commit what is loaded into `tables` inside; yield what to call after each batch.

    Tables that are empty are filled in one transaction and get their indexes and foreign keys at
    its end, which is quicker than minding them for every row. Nobody sees them without; if it
    fails, all is as before. What the rows point at has to be looked up inside, where nobody else
    can remove it on SQLite. Tables with rows belong to a site in use: there each batch is a short
    transaction of its own, so that nobody waits long for their turn to write.

    What `tally` has gathered goes along with the rows.
    """
    connection = db.session.connection()
    at_once = are_empty and connection.dialect.name in _UNDOES_DDL
    with _in_a_hurry(connection, check_keys=not at_once):
        try:
            if at_once:
                restore = _strip(connection, tables)
                yield lambda: None
                for statement in restore:
                    connection.execute(statement)
            else:
                yield lambda: _commit(tally)
            _commit(tally)
        finally:
            db.session.rollback()


@contextmanager
def _in_a_hurry(connection: Connection, *, check_keys: bool) -> Iterator[None]:
    """Let SQLite take its memory, and no look at foreign keys if they need none.

    Indexes of a large table are written all over, and the 2 MB of the default hold no part.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    try:
        driver.execute("PRAGMA cache_size = -131072")
        if not check_keys:
            # Heard between transactions alone. What the caller did is committed in any case.
            for statement in ("COMMIT", "PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"):
                driver.execute(statement)
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")
        driver.execute("PRAGMA cache_size = -2000")


# SQLAlchemy would think from here on that the table is made without it.
_AddAgain = partial(AddConstraint, isolate_from_table=False)


def _commit(tally: Tally) -> None:
    tally.write(db.session.connection())
    db.session.commit()  # contract


def _strip(connection: Connection, tables: tuple[Table, ...]) -> list[ExecutableDDLElement]:
    """Drop the indexes and foreign keys that are there; return what brings them back."""
    drops, restores = [], []
    for table in tables:
        rows = [*inspect(connection).get_indexes(table.name)]
        kinds = [(table.indexes, DropIndex, CreateIndex)]
        if connection.dialect.name == "postgresql":  # SQLite cannot, and checks them in no time
            rows += inspect(connection).get_foreign_keys(table.name)
            kinds.append((table.foreign_key_constraints, DropConstraint, _AddAgain))
        existing = {row["name"] for row in rows}
        for items, drop, restore in kinds:
            for item in items:
                if item.name in existing:
                    drops.append(drop(item))
                    restores.append(restore(item))
    for statement in drops:
        connection.execute(statement)
    return restores


def load(table: Table, columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """Add `rows` to `table`. Columns that are not named get what the database itself gives."""
    connection = db.session.connection()
    if connection.dialect.driver == "psycopg":
        _copy(connection, table, columns, rows)
    elif connection.dialect.name == "sqlite":
        _insert_in_sqlite(connection, table, columns, rows)
    else:
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])


def _copy(connection: Connection, table: Table, columns: tuple[str, ...], rows: Iterable[tuple]):
    quote = connection.dialect.identifier_preparer.quote
    statement = f"COPY {quote(table.name)} ({', '.join(map(quote, columns))}) FROM STDIN"
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _insert_in_sqlite(connection, table: Table, columns: tuple[str, ...], rows: Iterable[tuple]):
    """Hand the rows to the driver, many to a statement.

    Each statement costs as much as a few rows, and SQLAlchemy would look at each value.
    """
    times = [at for at, name in enumerate(columns) if isinstance(table.c[name].type, DateTime)]
    bare = alike(table.name, *map(column, columns))  # without the defaults of those left out
    one_row = str(insert(bare).compile(dialect=connection.dialect))
    into, _, places = one_row.partition(" VALUES ")
    for group in batched(iter(rows), _AT_ONCE):
        values = [value for row in group for value in row]
        for at in times:  # in the form in which SQLAlchemy stores a moment
            moments = values[at :: len(columns)]
            values[at :: len(columns)] = [when.isoformat(" ", "microseconds") for when in moments]
        statement = f"{into} VALUES {', '.join([places] * len(group))}"
        connection.connection.execute(statement, values)


def new_ids(table: Table, count: int) -> list[int]:
    """Return ids for rows that are about to be loaded."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        sequence = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
        numbers = text("generate_series(1, :count)").bindparams(count=count)
        return list(connection.scalars(select(sequence).select_from(numbers)))
    last = connection.scalar(select(func.max(table.c.id))) or 0
    return list(range(last + 1, last + 1 + count))


def is_empty(table: Table) -> bool:
    return db.session.scalar(select(1).select_from(table).limit(1)) is None
