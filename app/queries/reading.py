"""Reading rows where nothing needs the session of the ORM."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select

from ..database import AUTOCOMMIT, reads_from_replica
from ..database.plain import fetch, plan_of
from ..extensions import db


def read(statement: Select, values: dict[str, Any]) -> Sequence[Row]:
    """Return the rows of a statement that selects columns, each a tuple with names.

    They are read in the transaction that is open, if one is; else without any.
    """
    engines = db.engines
    engine = engines.get(AUTOCOMMIT) or engines[None]
    plan = plan_of(statement, engine.dialect)
    if db.session.is_in_use() or reads_from_replica() or not plan.is_fixed:
        return db.session.execute(statement, values).all()
    return fetch(engine, plan, values)
