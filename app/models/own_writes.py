"""When somebody wrote last, so that they read what they wrote.

What is written reaches replicas, and lists that are kept for all readers, a moment later.
"""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Timestamp
from ..extensions import db
from ..lib.clock import utcnow

_NOTED = "write_noted"  # in what transaction, and whose


class OwnWrites:
    """Mixed into User."""

    wrote_at: Mapped[datetime | None] = mapped_column(Timestamp)

    def has_written_within(self, time: timedelta) -> bool:
        return self.wrote_at is not None and utcnow() - self.wrote_at < time

    @classmethod
    def note_write_of(cls, user_id: int) -> None:
        """Note that this user writes, in the transaction that does it; once is enough."""
        session = db.session()
        if session.info.get(_NOTED) != (session.get_transaction(), user_id):
            session.execute(_noting(cls), {"user_id": user_id, "now": utcnow()})

    @staticmethod
    def write_is_noted(user_id: int) -> None:
        """Say that this transaction has set the column by a statement that did more than that."""
        session = db.session()
        innermost = session.get_nested_transaction() or session.get_transaction()
        session.info[_NOTED] = innermost, user_id


@cache
def _noting(model) -> Update:
    """Return the statement for `note_write_of`, put together once: every form that is sent asks."""
    table = model.__table__
    noting = update(table).where(table.c.id == bindparam("user_id"))
    return noting.values(wrote_at=bindparam("now"))
