"""Sessions: one row a browser that somebody signed in with.

The cookie holds a random key and the row its digest, so that a copy of the table opens nothing,
and ending the row ends the session wherever the cookie went.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Timestamp
from ..extensions import db
from ..lib.clock import utcnow
from ..lib.tokens import digest
from .role import Permission

REMEMBERED_FOR = timedelta(days=365)
_MOST = 10  # newest sessions a person keeps
_GRACE = timedelta(seconds=60)  # two tabs that open at once bring the same remember-me secret

# How long a session lasts unused, and at all. Those who hold more power sign in more often.
_IDLE, _ABSOLUTE = timedelta(days=14), timedelta(days=90)
_STAFF_IDLE, _STAFF_ABSOLUTE = timedelta(hours=12), timedelta(hours=24)


class UserSession(db.Model):
    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(255), default="", server_default="")
    ip_address: Mapped[str] = mapped_column(String(45), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=utcnow)
    renewed_at: Mapped[datetime] = mapped_column(Timestamp, default=utcnow)
    last_used_at: Mapped[datetime] = mapped_column(Timestamp, default=utcnow)
    # Remember-me: the secret in the long-lived cookie changes whenever it is used, so that a
    # stolen copy and the original give each other away.
    remember_hash: Mapped[str | None] = mapped_column(String(64))
    previous_remember_hash: Mapped[str | None] = mapped_column(String(64))

    user: Mapped["User"] = relationship(innerjoin=True)  # noqa: F821

    key = None  # the key itself, known only while it is in use

    @property
    def remembered(self) -> bool:
        return self.remember_hash is not None

    def is_alive(self) -> bool:
        """Tell whether the session may still be used, by its age and how long it was idle."""
        now, (idle, absolute) = utcnow(), self._limits()
        return now - self.last_used_at < idle and now - self.renewed_at < absolute

    def renew_key(self) -> None:
        """Take a new key, as every sign-in and every change of power must."""
        self.key = secrets.token_urlsafe(32)
        self.key_hash = digest(self.key)
        self.renewed_at = self.last_used_at = utcnow()

    def renew_remember_secret(self) -> str:
        """Take a new remember-me secret and return it; the last one is honoured for a moment."""
        secret = secrets.token_urlsafe(32)
        self.previous_remember_hash, self.remember_hash = self.remember_hash, digest(secret)
        return secret

    def knows(self, secret: str) -> bool:
        """Tell whether `secret` is the current remember-me secret and still good."""
        lasts = self._limits()[1] if self._is_staffs() else REMEMBERED_FOR
        return digest(secret) == self.remember_hash and utcnow() - self.created_at < lasts

    def has_just_replaced(self, secret: str) -> bool:
        """Tell whether another tab exchanged `secret` a moment ago."""
        recent = utcnow() - self.renewed_at < _GRACE
        return recent and digest(secret) == self.previous_remember_hash

    def _is_staffs(self) -> bool:
        return self.user.can(Permission.MODERATE) or self.user.is_administrator()

    def _limits(self) -> tuple[timedelta, timedelta]:
        return (_STAFF_IDLE, _STAFF_ABSOLUTE) if self._is_staffs() else (_IDLE, _ABSOLUTE)


# What a person has beyond the newest; put together once, since every sign-in asks.
_SURPLUS = (
    select(UserSession.__table__.c.id)
    .where(UserSession.user_id == bindparam("user_id"))
    .order_by(UserSession.last_used_at.desc(), UserSession.id.desc())
    .offset(_MOST)
)
_REMOVED = delete(UserSession.__table__).where(
    UserSession.__table__.c.id.in_(bindparam("surplus", expanding=True))
)


class SessionHolder:
    """Mixed into User: the sessions they have open."""

    current_session = None  # the one that the request came with

    def get_id(self) -> str | None:
        """Return what Flask-Login keeps in its cookie: the key of the session, not of the user."""
        return self.current_session.key if self.current_session else None

    def start_session(self, *, device: str = "", ip_address: str = "") -> UserSession:
        """Open a session and make it the current one; the oldest make room beyond ten."""
        session = UserSession(user=self, device=device[:255], ip_address=ip_address[:45])
        session.renew_key()
        db.session.add(session)
        db.session.flush()
        surplus = db.session.scalars(_SURPLUS, {"user_id": self.id}).all()
        if surplus:
            db.session.execute(_REMOVED, {"surplus": surplus})
        self.current_session = session
        return session

    def end_session(self, session_id: int) -> bool:
        """End one of the user's sessions; tell whether there was one."""
        return self._end(UserSession.id == session_id) == 1

    def end_sessions(self, *, keep: UserSession | None = None) -> None:
        """End all of the user's sessions, but for `keep`."""
        self._end(UserSession.id != (keep.id if keep else 0))

    def _end(self, condition) -> int:
        ended = delete(UserSession).where(UserSession.user_id == self.id, condition)
        return db.session.execute(ended).rowcount


def end_stale_sessions() -> None:
    """Remove the sessions that nobody can use any more."""
    forgotten = (UserSession.remember_hash.is_(None)) & (
        UserSession.last_used_at < utcnow() - _IDLE
    )
    too_old = UserSession.created_at < utcnow() - REMEMBERED_FOR - _ABSOLUTE
    db.session.execute(delete(UserSession).where(forgotten | too_old))
