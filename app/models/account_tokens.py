"""Links and tokens that stand in for a user's password for one purpose.

Each carries a fingerprint of what it was made for, so that it works once: a confirmation ends
with the confirmation, a reset with the password, a change of address with the address.
"""

from collections.abc import Callable

from flask import current_app
from sqlalchemy import inspect, select

from ..extensions import db
from ..lib import tokens

_HOUR = 3600
_CLAIMED = ("email", "password_hash", "confirmed")


class AccountTokens:
    """Mixed into User. The checkers return whether they did it, and do not commit."""

    def generate_confirmation_token(self, expiration: int = _HOUR) -> str:
        return _sign("confirm", {"confirm": self.id, **self._state_of("confirm")}, expiration)

    def confirm(self, token: str) -> bool:
        """Confirm the address that `token` was mailed to."""
        self._wait_for_others()
        claims = _read("confirm", token)
        if claims.get("confirm") != self.id or not self._still_holds("confirm", claims):
            return False
        self.confirm_address()
        return True

    def generate_reset_token(self, expiration: int = _HOUR) -> str:
        return _sign("reset", {"reset": self.id, **self._state_of("reset")}, expiration)

    @classmethod
    def find_by_reset_token(cls, token: str):
        """Return the user whose password `token` may reset, or None."""
        return cls._find("reset", token)

    @classmethod
    def reset_password(cls, token: str, new_password: str) -> bool:
        """Give the user whom `token` names a new password, and end their sessions."""
        user = cls.find_by_reset_token(token)
        if user is None:
            return False
        user._wait_for_others()
        if cls.find_by_reset_token(token) is None:
            return False
        user.replace_password(new_password)
        return True

    def generate_email_change_token(self, new_email: str, expiration: int = _HOUR) -> str:
        claims = {"change_email": self.id, "new_email": new_email}
        return _sign("change_email", {**claims, **self._state_of("change_email")}, expiration)

    def change_email(self, token: str) -> bool:
        """Move the account to the new address in `token`, unless somebody else has it by now."""
        self._wait_for_others()
        claims = _read("change_email", token)
        new_email = claims.get("new_email")
        if claims.get("change_email") != self.id or not self._still_holds("change_email", claims):
            return False
        if not isinstance(new_email, str) or not new_email or self._is_taken(new_email.lower()):
            return False
        self.move_to(new_email)
        return True

    def generate_auth_token(self, expiration: int) -> str:
        return _sign("id", {"id": self.id, **self._state_of("id")}, expiration)

    @classmethod
    def verify_auth_token(cls, token: str, load: Callable | None = None):
        """Return the user whom an API token belongs to, or None.

        `load(id)` fetches the user with whatever shall come along.
        """
        return cls._find("id", token, load)

    @classmethod
    def _find(cls, purpose: str, token: str, load: Callable | None = None):
        """Return the user whom a valid token for `purpose` names, or None."""
        claims = _read(purpose, token)
        user_id = claims.get(purpose)
        if not isinstance(user_id, int):
            return None
        user = load(user_id) if load else db.session.get(cls, user_id)
        return user if user is not None and user._still_holds(purpose, claims) else None

    def _wait_for_others(self) -> None:
        """Let nobody else use a token of this user until the transaction ends.

        Of two who use one at the same moment the second sees what the first did with it.
        """
        db.session.flush()
        if inspect(self).persistent:
            db.session.refresh(self, _CLAIMED, with_for_update=True)

    def _still_holds(self, purpose: str, claims: dict) -> bool:
        return claims.get("state") == self._state_of(purpose)["state"]

    def _state_of(self, purpose: str) -> dict[str, str]:
        """Return the claim that ties a token to what it was made for.

        An address counts as confirmed only once; the rest ends with the password or the address.
        """
        state = {
            "confirm": (self.email, bool(self.confirmed)),
            "reset": (self.email, self.password_hash),
            "change_email": (self.email, self.password_hash),
            "id": (self.password_hash,),
        }
        return {"state": tokens.fingerprint(*state[purpose])}

    def _is_taken(self, email: str) -> bool:
        cls = type(self)
        return db.session.scalar(select(cls.id).where(cls.email == email)) is not None


def signing_keys() -> list[str]:
    """Return the secrets that sign, the newest last."""
    settings = current_app.config
    return [*settings["SECRET_KEY_FALLBACKS"], settings["SECRET_KEY"]]


def _sign(purpose: str, claims: dict, expiration: float) -> str:
    return tokens.sign(signing_keys(), purpose, claims, expiration)


def _read(purpose: str, token: str) -> dict:
    return tokens.read(signing_keys(), purpose, token) or {}
