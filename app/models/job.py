"""Work that is promised in a transaction and done after it, by the worker (an outbox).

A promise is a row, so it is kept or rolled back together with the act it belongs to, and
survives a crash of every process.
"""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Timestamp
from ..extensions import db
from ..lib.clock import utcnow

MOST_ATTEMPTS = 12  # then a job is given up, and left to the operator


class Job(db.Model):
    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "done_at", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=utcnow)
    run_at: Mapped[datetime] = mapped_column(Timestamp, default=utcnow)
    claimed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str | None] = mapped_column(Text)


def later(name: str, **payload) -> None:
    """Promise to run the job `name` with `payload` once this transaction has been committed.

    `payload` holds what JSON can hold. The handler may run twice after a crash.
    """
    job = Job(name=name, payload=payload)
    db.session.add(job)
    db.session.info.setdefault("promised_jobs", []).append(job)
