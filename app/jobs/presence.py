"""Writing down who was here, for many at once."""

from sqlalchemy import update

from ..extensions import db
from ..models import User, UserSession
from ..web import presence


def write_down() -> None:
    """Store when each person and each session was seen last, and commit."""
    seen = presence.take()
    for (user_id, session_id), when in seen.items():
        db.session.execute(_touch(User, "last_seen", user_id, when))
        if session_id is not None:
            db.session.execute(_touch(UserSession, "last_used_at", session_id, when))
    if seen:
        db.session.commit()


def _touch(model, column: str, row_id: int, when):
    statement = update(model).where(model.id == row_id).values({column: when})
    return statement.execution_options(synchronize_session=False)
