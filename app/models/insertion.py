"""Inserting a row that may already be there, without an error when it is."""

from sqlalchemy.dialects import mysql, postgresql, sqlite

from ..extensions import db


def insert_once(model, **values) -> bool:
    """Insert a row of `model`, unless a unique constraint says that it exists.

    Return whether a row was inserted. Two clicks at the same moment make one row.
    """
    dialect = db.session.get_bind(model).dialect.name
    if dialect == "sqlite":
        statement = sqlite.insert(model).values(**values).on_conflict_do_nothing()
    elif dialect == "postgresql":
        statement = postgresql.insert(model).values(**values).on_conflict_do_nothing()
    else:
        statement = mysql.insert(model).values(**values).prefix_with("IGNORE")
    # Without the option the number is not known on PostgreSQL, where ids come back by RETURNING.
    result = db.session.execute(statement, execution_options={"preserve_rowcount": True})
    return result.rowcount == 1
