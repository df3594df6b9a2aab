"""Storage for the limits library in our own database.

All processes share it and it outlives a restart, without another server to run. It works in the
caller's transaction, which the caller commits, if there is one (models/changing.py).
"""

from datetime import UTC, timedelta
from functools import cache

from limits.storage import Storage
from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from ..extensions import db
from ..lib.clock import utcnow
from ..lib.tokens import digest
from ..models import RateLimit
from ..models.changing import change
from ..models.insertion import insert_once

_row = RateLimit.__table__
_is_this = _row.c.key == bindparam("row_key")
_is_over = _row.c.expires_at <= bindparam("now")
_amount = bindparam("amount", type_=_row.c.hits.type)
_ends = bindparam("ends", type_=_row.c.expires_at.type)

# Put together once: everybody who writes is counted, and a sign-in three times.
_CHANGES = [
    # In this order: MariaDB sees what was assigned before.
    (_row.c.hits, case((_is_over, _amount), else_=_row.c.hits + _amount)),
    (_row.c.expires_at, case((_is_over, _ends), else_=_row.c.expires_at)),
]
_ADDING = update(_row).where(_is_this).ordered_values(*_CHANGES)
_HITS = select(_row.c.hits).where(_is_this)


@cache
def _counting(dialect: str):
    """Return the one statement that does it all; None where there is none."""
    if dialect not in ("sqlite", "postgresql"):
        return None
    add = (sqlite if dialect == "sqlite" else postgresql).insert(_row)
    changes = {column.name: value for column, value in _CHANGES}
    row = {"key": bindparam("row_key"), "hits": _amount, "expires_at": _ends}
    counting = add.values(row).on_conflict_do_update(index_elements=["key"], set_=changes)
    return counting.returning(_row.c.hits)


class DatabaseStorage(Storage):
    """Fixed windows, one row a key. Keys are kept as digests: no address is written down."""

    STORAGE_SCHEME = ["flasky"]

    @property
    def base_exceptions(self):
        return SQLAlchemyError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add `amount` to the counter of `key`, in a new window of `expiry` seconds if none."""
        now = utcnow()
        ends = now + timedelta(seconds=expiry)
        row = {"row_key": digest(key), "now": now, "ends": ends, "amount": amount}
        counting = _counting(db.engine.dialect.name)
        if counting is not None:
            return change(counting, row)[0][0]
        insert_once(RateLimit, key=row["row_key"], hits=0, expires_at=ends)
        db.session.execute(_ADDING, row)
        return db.session.scalar(_HITS, row)

    def get(self, key: str) -> int:
        return db.session.scalar(self._running(RateLimit.hits, key)) or 0

    def get_expiry(self, key: str) -> float:
        """Return when the window of `key` ends, in seconds since the epoch."""
        ends = db.session.scalar(self._running(RateLimit.expires_at, key)) or utcnow()
        return ends.replace(tzinfo=UTC).timestamp()

    def check(self) -> bool:
        return db.session.scalar(select(1)) == 1

    def reset(self) -> int:
        return db.session.execute(delete(RateLimit)).rowcount

    def clear(self, key: str) -> None:
        db.session.execute(delete(RateLimit).where(RateLimit.key == digest(key)))

    @staticmethod
    def _running(column, key: str):
        return select(column).where(RateLimit.key == digest(key), RateLimit.expires_at > utcnow())
