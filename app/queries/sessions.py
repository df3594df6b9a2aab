"""Who came with this request."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from ..extensions import db
from ..lib.tokens import digest
from ..models import User, UserSession

# A session, its user and the user's role: all that a request asks about, in one statement. It is
# put together once, since that costs as much as asking.
_WITH_USER = select(UserSession).options(
    joinedload(UserSession.user, innerjoin=True).joinedload(User.role)
)
_WITH_KEY = _WITH_USER.where(UserSession.key_hash == bindparam("key_hash"))
_WITH_ID = _WITH_USER.where(UserSession.id == bindparam("session_id"))


def session_with_key(key: str) -> UserSession | None:
    return db.session.scalar(_WITH_KEY, {"key_hash": digest(key)})


def session_with_id(session_id: int) -> UserSession | None:
    return db.session.scalar(_WITH_ID, {"session_id": session_id})


def sessions_of(user: User) -> list[UserSession]:
    """The user's sessions, the one used last at the top."""
    rows = select(UserSession).where(UserSession.user_id == user.id)
    newest_first = rows.order_by(UserSession.last_used_at.desc(), UserSession.id.desc())
    return db.session.scalars(newest_first).all()
