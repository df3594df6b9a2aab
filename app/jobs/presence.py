"""Writing down who was here, for many at once."""

from sqlalchemy import update

from ..extensions import db
from ..models import ApiToken, User, UserSession
from ..web import presence

_COLUMN = {
    ApiToken: ApiToken.last_used_at,
    User: User.last_seen,
    UserSession: UserSession.last_used_at,
}


def write_down() -> None:
    """Store when each person and each session was seen last, and commit."""
    seen = presence.take()
    for (model, row_id), when in seen.items():
        touch = update(model).where(model.id == row_id).values({_COLUMN[model]: when})
        db.session.execute(touch.execution_options(synchronize_session=False))
    if seen:
        db.session.commit()
