"""Finding one record with those it belongs to, such as a session with its user and their role.

Every request begins with one. SQLAlchemy's own way (`joinedload`) prepares anew how to make objects
of the rows of each statement, which takes three times as long as all the rest of it; for a single
row that is not worth it. So the row is read plainly, and becomes objects here.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload
from sqlalchemy.orm.attributes import instance_state

from ..database import records_stand_alone
from ..extensions import db
from .reading import read


class Lookup:
    """Finds a record of `model`, and along `path` the one that each belongs to.

    `Lookup(UserSession, UserSession.user, User.role, where=…)` finds a session, its user and the
    role of that. `where` may hold parameters, which `find` is given.
    """

    def __init__(self, model, *path: InstrumentedAttribute, where: ColumnElement[bool]):
        models = [model, *(relation.property.mapper.class_ for relation in path)]
        names = [None, *(relation.key for relation in path)]
        # The last ones are made before those that they belong to.
        self._parts = [*map(_Part, models, names)][::-1]
        self._records = _as_records(model, path).where(where)
        self._rows = _as_rows(models, path).where(where)

    def find(self, **values: Any):
        """Return the record, or None.

        Where the request may change it, it belongs to the session, like any other; else it stands
        alone and loads nothing more.
        """
        if db.session.is_in_use():
            return db.session.scalar(self._records, values)
        rows = read(self._rows, values)
        record = self._make(rows[0]) if rows else None
        if record is not None and not records_stand_alone():
            db.session.add(record)
        return record

    def _make(self, row):
        """Return the first record of a row, with the others that it leads to."""
        end, name, record = len(row), None, None
        for part in self._parts:
            start = end - len(part.columns)
            values = dict(zip(part.columns, row[start:end], strict=True))
            if name:
                values[name] = record
            record = part.record(values)
            end, name = start, part.name
        return record


class _Part:
    """The records of one model, which others know by `name`."""

    def __init__(self, model, name: str | None):
        self.columns = model.__table__.columns.keys()
        self.name = name
        self._mapper = inspect(model)

    def record(self, values: dict[str, Any]):
        """Return a record as if it had been loaded; None if the row held none.

        `make_transient_to_detached` does that, too, but looks for columns that are missing: none
        are, and it took as long as all the rest.
        """
        if values["id"] is None:
            return None
        record = self._mapper.class_manager.new_instance()
        vars(record).update(values)
        instance_state(record).key = self._mapper.identity_key_from_primary_key((values["id"],))
        return record


def _as_records(model, path) -> Select:
    option = None
    for relation in path:
        option = option.joinedload(relation) if option else joinedload(relation)
    return select(model).options(option) if option else select(model)


def _as_rows(models, path) -> Select:
    rows = select(*(column for model in models for column in model.__table__.c))
    rows = rows.select_from(models[0].__table__)
    for relation in path:
        rows = rows.outerjoin(relation.property.target, relation.property.primaryjoin)
    return rows
