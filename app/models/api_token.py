"""Tokens that a person gives to programs of theirs: named, limited by scopes, and revocable.

The token itself is shown once. The row holds its digest, so that a copy of the table opens nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Timestamp
from ..extensions import db
from ..lib.api_tokens import new_token
from ..lib.clock import utcnow
from ..lib.tokens import digest
from .role import Permission

# What a token of each scope may use of its owner's permissions. `read` needs none.
SCOPES = {
    "read": 0,
    "write": Permission.FOLLOW | Permission.COMMENT | Permission.WRITE,
    "moderate": Permission.MODERATE,
    "admin": Permission.ADMIN,
}
LONGEST_NAME = 64
DEFAULT_DAYS, MOST_DAYS = 30, 365
MOST_TOKENS = 50  # a person keeps


class ApiToken(db.Model):
    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="", server_default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(64), default="read", server_default="read")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=utcnow)
    expires_at: Mapped[datetime] = mapped_column(Timestamp, index=True)
    last_used_at: Mapped[datetime | None] = mapped_column(Timestamp)

    user: Mapped["User"] = relationship(innerjoin=True)  # noqa: F821

    @property
    def scope_set(self) -> frozenset[str]:
        return frozenset(self.scopes.split())

    def is_alive(self) -> bool:
        return utcnow() < self.expires_at


class TooManyTokens(Exception):
    """The person has as many tokens as anybody may keep."""


class TokenHolder:
    """Mixed into User: the tokens they gave away."""

    def make_token(self, name: str, scopes, *, days: int = DEFAULT_DAYS) -> tuple[ApiToken, str]:
        """Return a new token's row and the token, which nobody can learn again.

        `scopes` are keys of SCOPES. Raises TooManyTokens beyond MOST_TOKENS.
        """
        mine = select(ApiToken.id).filter_by(user_id=self.id).with_for_update()
        if len(db.session.scalars(mine).all()) >= MOST_TOKENS:
            raise TooManyTokens
        token = new_token()
        row = ApiToken(
            user_id=self.id,
            name=name,
            token_hash=digest(token),
            scopes=" ".join(scope for scope in SCOPES if scope in scopes),
            expires_at=utcnow() + timedelta(days=min(days, MOST_DAYS)),
        )
        db.session.add(row)
        db.session.flush()
        return row, token

    def revoke_token(self, token_id: int) -> bool:
        """Revoke one of the user's tokens; tell whether there was one."""
        mine = delete(ApiToken).where(ApiToken.user_id == self.id, ApiToken.id == token_id)
        return db.session.execute(mine).rowcount == 1

    def revoke_tokens(self) -> None:
        db.session.execute(delete(ApiToken).where(ApiToken.user_id == self.id))


def forget_expired_tokens() -> None:
    """Remove the tokens that nobody can use any more, a month after their end."""
    db.session.execute(
        delete(ApiToken).where(ApiToken.expires_at < utcnow() - timedelta(days=DEFAULT_DAYS))
    )
