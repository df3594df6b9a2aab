"""Counters of tries, shared by all processes and kept over a restart."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Timestamp
from ..extensions import db


class RateLimit(db.Model):
    """How often something was tried in the window that ends at `expires_at`."""

    __tablename__ = "rate_limits"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # a digest: no address is kept
    hits: Mapped[int] = mapped_column(default=0, server_default="0")
    expires_at: Mapped[datetime] = mapped_column(Timestamp, index=True)
