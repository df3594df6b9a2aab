"""Reading plain rows, without the session of the ORM where nothing needs it.

A page that only reads is made of rows and of texts that are kept. To open a session for that, and
to close it again, takes longer than some databases take to answer.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select

from ..database import connection_for_reading
from ..extensions import db


def is_session_in_use() -> bool:
    """Tell whether the session has begun a transaction, or holds records of one before."""
    if not db.session.registry.has():
        return False
    session = db.session()
    return session.in_transaction() or bool(session.identity_map)


def read(statement: Select, values: dict[str, Any]) -> Sequence[Row]:
    """Return the rows of a statement that selects columns.

    They are read in the transaction that is open, if one is; else on a connection that is given
    back at once.
    """
    if is_session_in_use():
        return db.session.execute(statement, values).all()
    with connection_for_reading(db.engine) as connection:
        return connection.execute(statement, values).all()
