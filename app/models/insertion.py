"""Inserting a row that may already be there, without an error when it is."""

from functools import cache

from sqlalchemy import Connection, Insert, Row
from sqlalchemy.dialects import mysql, postgresql, sqlite

from ..extensions import db


def insert_once(model, **values) -> bool:
    """Insert a row of `model`, unless a unique constraint says that it exists.

    Return whether a row was inserted. Two clicks at the same moment make one row.
    """
    db.session.flush()  # what the row points at may be as new
    return insert_row(db.session.connection(), model, values) is not None


def insert_row(connection: Connection, model, values: dict) -> Row | None:
    """Do what `insert_once` does; return the primary key, or None if the row exists."""
    # Without the option the number is not known on PostgreSQL, where ids come back by RETURNING.
    result = connection.execute(
        statement_for(model, connection.dialect.name),
        values,
        execution_options={"preserve_rowcount": True},
    )
    return result.inserted_primary_key if result.rowcount == 1 else None


@cache
def statement_for(model, dialect: str) -> Insert:
    """Return the statement for a database, put together once, and for the table: by way of the
    model it would cost three times as much.
    """
    if dialect == "sqlite":
        return sqlite.insert(model.__table__).on_conflict_do_nothing()
    if dialect == "postgresql":
        return postgresql.insert(model.__table__).on_conflict_do_nothing()
    return mysql.insert(model.__table__).prefix_with("IGNORE")
