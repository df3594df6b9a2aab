"""Writing down who was here, for many at once."""

from functools import partial

from flask import current_app
from sqlalchemy import update

from ..database import repeated
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
    if seen:
        tries = current_app.config["FLASKY_DATABASE_TRIES"]
        repeated(partial(_store, seen), undo=db.session.rollback, tries=tries)


def _store(seen: dict) -> None:
    # In one order, so that two processes do not wait for each other.
    for model, row_id in sorted(seen, key=lambda key: (key[0].__name__, key[1])):
        touch = update(model).where(model.id == row_id)
        touch = touch.values({_COLUMN[model]: seen[model, row_id]})
        db.session.execute(touch.execution_options(synchronize_session=False))
    db.session.commit()
