"""Answers that are kept, so that a request that is sent again does nothing again.

The row is written in the transaction of the act it belongs to: there are both or neither, also
after a crash. Two that arrive at once meet at the unique key, whatever process they are in.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from ..database import LongText, Timestamp
from ..extensions import db
from ..lib.clock import utcnow
from .insertion import insert_once

KEPT = timedelta(hours=24)


class IdempotencyKey(db.Model):
    __tablename__ = "idempotency_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    # A digest of whose key it is and the key: strangers who register have keys as well.
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    fingerprint: Mapped[str] = mapped_column(String(64))  # of the request
    # Status, headers and body, sealed with the key itself: an answer may hold a token.
    answer: Mapped[str | None] = mapped_column(LongText)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=utcnow, index=True)


def claim(key_hash: str, *, user_id: int | None, fingerprint: str) -> IdempotencyKey:
    """Return the row of this key: new and without an answer, or that of an earlier request.

    Waits for a request with the same key that is still under way.
    """
    stale = IdempotencyKey.created_at < utcnow() - KEPT
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.key_hash == key_hash, stale))
    values = {"user_id": user_id, "fingerprint": fingerprint, "created_at": utcnow()}
    insert_once(IdempotencyKey, key_hash=key_hash, **values)
    # Locking reads what is there now: MariaDB would else look at the past of this transaction.
    row = select(IdempotencyKey).filter_by(key_hash=key_hash).with_for_update()
    return db.session.scalars(row).one()


def forget_old_keys() -> None:
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < utcnow() - KEPT))
