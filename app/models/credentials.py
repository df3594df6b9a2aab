"""A user's password."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..lib import passwords


class Credentials:
    """Mixed into User: the hash of the password, and the question whether one is right."""

    password_hash: Mapped[str | None] = mapped_column(String(256))

    @property
    def password(self) -> str:
        raise AttributeError("password is not a readable attribute")

    @password.setter
    def password(self, password: str) -> None:
        self.password_hash = passwords.hash_password(password)

    def verify_password(self, password: str) -> bool:
        """Tell whether `password` is the user's; a hash of older make is renewed on the way."""
        if not passwords.verify(self.password_hash, password):
            return False
        if passwords.needs_rehash(self.password_hash):
            self.password = password
        return True

    def replace_password(self, password: str, *, keep=None) -> None:
        """Set a new password and end every session but `keep`, and all tokens of the API.

        Links for a reset, and the short-lived tokens of the API, end by themselves: they carry a
        fingerprint of the old hash.
        """
        self.password = password
        self.end_sessions(keep=keep)
        self.revoke_tokens()
