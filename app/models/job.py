"""Work that is promised in a transaction and done after it, by the worker (an outbox).

A promise is a row, so it is kept or rolled back together with the act it belongs to, and
survives a crash of every process. What goes on failing is parked, for an operator to look at.
"""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Timestamp
from ..extensions import db
from ..lib import request_ids
from ..lib.clock import utcnow


class Job(db.Model):
    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "done_at", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict] = mapped_column(JSON, default=dict)
    # Recurring work: what and for when, so that several workers promise it once.
    slot: Mapped[str | None] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=utcnow)
    run_at: Mapped[datetime] = mapped_column(Timestamp, default=utcnow)
    claimed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    failing_since: Mapped[datetime | None] = mapped_column(Timestamp)
    parked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str | None] = mapped_column(Text)
    # Of the request that promised it, so that the lines of both are found together in the logs.
    request_id: Mapped[str | None] = mapped_column(String(request_ids.LONGEST))

    def park(self) -> None:
        """Stop trying, until somebody says otherwise."""
        self.parked_at = utcnow()
        self.claimed_at = None

    def retry(self) -> None:
        """Promise it anew, as if it had never failed; the last error stays to be read."""
        self.parked_at = self.failing_since = self.claimed_at = None
        self.attempts, self.run_at = 0, utcnow()
        _hand_over(self)


def later(name: str, **payload) -> None:
    """Promise to run the job `name` with `payload` once this transaction has been committed.

    `payload` holds what JSON can hold. The handler may run twice after a crash.
    """
    job = Job(name=name, payload=payload, request_id=request_ids.current())
    db.session.add(job)
    _hand_over(job)


def _hand_over(job: Job) -> None:
    db.session.info.setdefault("promised_jobs", []).append(job)
