"""Who came with this request."""

from sqlalchemy import bindparam, select

from ..extensions import db
from ..lib.tokens import digest
from ..models import User, UserSession
from .lookup import Lookup

# A session, its user and the user's role: all that a request asks about, in one statement.
_PATH = (UserSession, UserSession.user, User.role)
_WITH_KEY = Lookup(*_PATH, where=UserSession.key_hash == bindparam("key_hash"))
_WITH_ID = Lookup(*_PATH, where=UserSession.id == bindparam("session_id"))


def session_with_key(key: str) -> UserSession | None:
    return _WITH_KEY.find(key_hash=digest(key))


def session_with_id(session_id: int) -> UserSession | None:
    return _WITH_ID.find(session_id=session_id)


def sessions_of(user: User) -> list[UserSession]:
    """The user's sessions, the one used last at the top."""
    rows = select(UserSession).where(UserSession.user_id == user.id)
    newest_first = rows.order_by(UserSession.last_used_at.desc(), UserSession.id.desc())
    return db.session.scalars(newest_first).all()
