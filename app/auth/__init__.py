"""The door for accounts: those who are not confirmed, or not signed in, come through here too."""

from . import account, email_address, login, passwords, registration, sessions, tokens  # noqa: F401
from .blueprint import auth

__all__ = ["auth"]
