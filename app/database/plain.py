"""Statements as a driver takes them.

SQLAlchemy writes the text of a statement, once for each database. What it does anew whenever one is
executed takes longer than SQLite needs to answer, and on PostgreSQL as long as the way there and
back. So where nothing but rows is wanted, or no objects change, the text goes to the driver as it
is.
"""

from collections import namedtuple
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Select, UpdateBase
from sqlalchemy.exc import DBAPIError

from ..lib.database_errors import has_no_session


class Plan:
    """The text of a statement, and what becomes of the values that go in and come out."""

    def __init__(self, statement: Select | UpdateBase, dialect: Dialect):
        compiled = statement.compile(dialect=dialect)
        columns = statement.exported_columns
        self.text = compiled.string
        # A list of values for IN makes another text each time.
        self.is_fixed = not any(bind.expanding for bind in compiled.binds.values())
        self._order = compiled.positiontup
        binds = compiled.binds
        # What the statement itself says, and defaults of models that are values; a function would
        # be refused by the driver.
        self._given = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._given |= {column.key: column.default.arg for column in compiled.insert_prefetch}
        self._required = {name for name, bind in binds.items() if bind.required} - {*self._given}
        writers = (
            bind.type.dialect_impl(dialect).bind_processor(dialect) for bind in binds.values()
        )
        self._written = [(name, write) for name, write in zip(binds, writers, strict=True) if write]
        processors = (c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns)
        self._changed = [(place, made) for place, made in enumerate(processors) if made]
        self._row = namedtuple("Row", columns.keys(), rename=True)

    def parameters(self, values: dict[str, Any]) -> dict | tuple:
        """Return `values` as the driver takes them. Raises KeyError if one is missing."""
        given = {**self._given, **values}
        if not self._required <= given.keys():
            raise KeyError(*self._required - given.keys())
        for name, write in self._written:
            given[name] = write(given[name])
        return given if self._order is None else tuple(given[name] for name in self._order)

    def rows(self, found: list[tuple]) -> list:
        """Return what the driver found as rows with names and with values of our types."""
        if not self._changed:
            return list(map(self._row._make, found))
        rows = []
        for values in map(list, found):
            for place, processor in self._changed:
                values[place] = processor(values[place])
            rows.append(self._row._make(values))
        return rows


@lru_cache(500)
def plan_of(statement: Select | UpdateBase, dialect: Dialect) -> Plan:
    return Plan(statement, dialect)


def fetch(engine: Engine, plan: Plan, values: dict[str, Any]) -> list:
    """Return the rows that the database has for `plan`, by a connection of the engine's pool.

    Raises what SQLAlchemy would raise.
    """
    parameters = plan.parameters(values)
    connection = None
    try:
        connection = engine.raw_connection()
        cursor = _execute(connection, engine, plan.text, parameters)
        found = cursor.fetchall()
        cursor.close()
        return plan.rows(found)
    except engine.dialect.loaded_dbapi.Error as error:
        raise _told(error, engine, connection, plan.text, parameters) from error
    finally:
        if connection is not None:
            connection.close()


def perform(connection: Connection, statement: Select | UpdateBase, values: dict[str, Any]):
    """Execute a statement in the transaction of `connection`; return the driver's cursor.

    Its rows hold what the driver gives, which on SQLite is text for a time and a number for a bool.
    Raises what SQLAlchemy would raise.
    """
    engine = connection.engine
    plan = plan_of(statement, engine.dialect)
    parameters = plan.parameters(values)
    try:
        return _execute(connection.connection, engine, plan.text, parameters)
    except engine.dialect.loaded_dbapi.Error as error:
        raise _told(error, engine, connection, plan.text, parameters) from error


def _execute(connection, engine: Engine, text: str, parameters):
    cursor = connection.cursor()
    # Those who count statements and look for slow ones listen to the engine.
    heard = (None, cursor, text, parameters, SimpleNamespace(statement=text, parameters=parameters))
    for listen in engine.dispatch.before_cursor_execute:
        listen(*heard, False)
    cursor.execute(text, parameters)
    for listen in engine.dispatch.after_cursor_execute:
        listen(*heard, False)
    return cursor


def _told(error: Exception, engine: Engine, connection, text: str, parameters) -> DBAPIError:
    """Return SQLAlchemy's error for one of the driver; leave connections that are lost."""
    dialect = engine.dialect
    of_the_pool = connection.connection if isinstance(connection, Connection) else connection
    is_lost = of_the_pool is not None and (
        has_no_session(error) or dialect.is_disconnect(error, of_the_pool.dbapi_connection, None)
    )
    if is_lost:
        connection.invalidate(error)
        engine.dispose()  # the others were lost in the same way
    is_connected = connection is not None
    return DBAPIError.instance(
        text if is_connected else None,  # where there is no connection, nothing was asked
        parameters if is_connected else None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=engine.hide_parameters,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
