"""When somebody wrote last, so that they read what they wrote.

Kept where there are replicas only: what is written at the primary reaches those a moment later.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Timestamp
from ..extensions import db
from ..lib.clock import utcnow


class OwnWrites:
    """Mixed into User."""

    wrote_at: Mapped[datetime | None] = mapped_column(Timestamp)

    def has_written_within(self, time: timedelta) -> bool:
        return self.wrote_at is not None and utcnow() - self.wrote_at < time

    @classmethod
    def note_write_of(cls, user_id: int) -> None:
        """Note that this user writes, in the transaction that does it."""
        touch = update(cls).where(cls.id == user_id).values(wrote_at=utcnow())
        db.session.execute(touch.execution_options(synchronize_session=False))
