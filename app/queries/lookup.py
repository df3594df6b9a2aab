"""Finding one record with those it belongs to, such as a session with its user and their role.

Every request begins with one. SQLAlchemy's own way (`joinedload`) prepares anew how to make objects
of the rows of each statement, which takes three times as long as all the rest of it; for a single
row that is not worth it. So the row is read plainly, and becomes objects here.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, make_transient_to_detached

from ..database import is_in_use, records_stand_alone
from ..extensions import db
from .reading import read


class Lookup:
    """Finds a record of `model`, and along `path` the one that each belongs to.

    `Lookup(UserSession, UserSession.user, User.role, where=…)` finds a session, its user and the
    role of that. `where` may hold parameters, which `find` is given.
    """

    def __init__(self, model, *path: InstrumentedAttribute, where: ColumnElement[bool]):
        self._models = [model, *(relation.property.mapper.class_ for relation in path)]
        self._names = [relation.key for relation in path]
        self._records = _as_records(model, path).where(where)
        self._rows = _as_rows(self._models, path).where(where)

    def find(self, **values: Any):
        """Return the record, or None.

        Where the request may change it, it belongs to the session, like any other; else it stands
        alone and loads nothing more.
        """
        if is_in_use(db.session):
            return db.session.scalar(self._records, values)
        rows = read(self._rows, values)
        record = self._make(rows[0]) if rows else None
        if record is not None and not records_stand_alone():
            db.session.add(record)
        return record

    def _make(self, row):
        """Return the first record of a row; the last ones are made before whom they belong to."""
        values, record = list(row), None
        for model, relation in zip(self._models[::-1], [None, *self._names[::-1]], strict=True):
            columns = model.__table__.columns.keys()
            own = dict(zip(columns, values[-len(columns) :], strict=True))
            del values[-len(columns) :]
            if relation:
                own[relation] = record
            record = _loaded(model, own) if own["id"] is not None else None
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


def _loaded(model, values: dict[str, Any]):
    """Return a record as if it had been loaded."""
    record = model.__mapper__.class_manager.new_instance()
    vars(record).update(values)
    make_transient_to_detached(record)
    return record
