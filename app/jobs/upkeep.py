"""Keeping the database tidy and true."""

from contextlib import suppress

from sqlalchemy import delete, or_, select

from ..exceptions import ValidationError
from ..extensions import db
from ..lib.clock import utcnow
from ..lib.markdown import RENDER_VERSION
from ..models import Comment, Post, RateLimit, User, later
from ..models.api_token import forget_expired_tokens
from ..models.counters import recount
from ..models.idempotency_key import forget_old_keys
from ..models.landmark import set_landmarks
from ..models.total import recount_totals
from ..models.user_session import end_stale_sessions
from .handlers import handles
from .runner import forget_old

_BATCH = 500


@handles("upkeep.recount")
def recount_counters(table: str = "users", first: int = 1) -> None:
    """Recount some rows and promise the next, so that nobody who writes has to wait for long."""
    following = recount({"users": User, "posts": Post}[table], first)
    if following is not None:
        later("upkeep.recount", table=table, first=following)
    elif table == "users":
        later("upkeep.recount", table="posts")
    else:
        recount_totals(Post, Comment)
        set_landmarks(anew=True)


@handles("upkeep.landmarks")
def set_missing_landmarks() -> None:
    set_landmarks()


@handles("upkeep.tidy")
def tidy() -> None:
    """Remove what nobody can use any more."""
    end_stale_sessions()
    db.session.execute(delete(RateLimit).where(RateLimit.expires_at < utcnow()))
    forget_old()
    forget_old_keys()
    forget_expired_tokens()


@handles("upkeep.render")
def render_again() -> None:
    """Render a batch of texts that an older renderer rendered, and promise the next batch."""
    for model in (Post, Comment):
        is_old = or_(model.render_version < RENDER_VERSION, model.body_html.is_(None))
        rows = select(model).where(is_old, model.body.is_not(None)).limit(_BATCH)
        old = db.session.scalars(rows).all()
        for row in old:
            row.render_version = RENDER_VERSION
            with suppress(ValidationError):  # longer than is allowed by now: it keeps its HTML
                row.body = row.body  # setting a text renders it
        if len(old) == _BATCH:
            later("upkeep.render")
            return
