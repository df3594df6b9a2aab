"""Changing rows by one statement, in the transaction that is open or as one of its own."""

from ..database import AUTOCOMMIT, writes_by_statements
from ..database.plain import fetch, perform, plan_of
from ..extensions import db


def change(statement, values: dict) -> list[tuple]:
    """Execute a statement that changes rows, and return the rows that it returns.

    In a view that `writes_by_statements`, on a database that needs no BEGIN for it, the change is
    committed by then. If the connection was lost on the way nobody knows, and the request is done
    again: so it must be harmless to do it twice.

    Raises what SQLAlchemy would raise.
    """
    engine = db.engines.get(AUTOCOMMIT)
    if engine is None or not writes_by_statements() or db.session.is_in_use():
        return perform(db.session.connection(), statement, values).fetchall()
    return fetch(engine, plan_of(statement, engine.dialect), values)
