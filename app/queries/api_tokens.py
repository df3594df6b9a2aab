"""The tokens of programs."""

from sqlalchemy import bindparam, select

from ..extensions import db
from ..lib.tokens import digest
from ..models import ApiToken, User
from .lookup import Lookup

# A token, its owner and their role: all that a request asks about, in one statement.
_IN_USE = Lookup(
    ApiToken,
    ApiToken.user,
    User.role,
    where=ApiToken.token_hash == bindparam("token_hash"),
)


def token_in_use(token: str) -> ApiToken | None:
    """Return the row of this token, with its owner and their role, unless it has ended."""
    row = _IN_USE.find(token_hash=digest(token))
    return row if row is not None and row.is_alive() else None


def tokens_of(user: User) -> list[ApiToken]:
    """The user's tokens, the newest at the top."""
    rows = select(ApiToken).where(ApiToken.user_id == user.id)
    return db.session.scalars(rows.order_by(ApiToken.created_at.desc(), ApiToken.id.desc())).all()
