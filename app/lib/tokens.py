"""Signed texts that stand in for a right: links in mails, cookies, API tokens.

A token names its purpose (the salt), so that none is accepted for another's work, and its own
end, so that nobody has to remember how long it was meant to live.
"""

import hashlib
import time
from collections.abc import Sequence
from functools import lru_cache

from itsdangerous import BadData, URLSafeSerializer


@lru_cache(maxsize=32)
def _serializer(keys: tuple[str, ...], purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        list(keys), salt=f"flasky.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )


def sign(keys: Sequence[str], purpose: str, claims: dict, expires_in: float) -> str:
    """Return a token for `purpose` that carries `claims` and ends in `expires_in` seconds.

    `keys` are secrets, the oldest first; the last one signs.
    """
    return _serializer(tuple(keys), purpose).dumps({**claims, "exp": time.time() + expires_in})


def read(keys: Sequence[str], purpose: str, token: str) -> dict | None:
    """Return the claims of `token`, or None if it is malformed, foreign or has ended."""
    try:
        claims = _claims(tuple(keys), purpose, token)
    except (BadData, TypeError, ValueError):
        return None
    return claims.copy() if time.time() < claims["exp"] else None


@lru_cache(maxsize=500)
def _claims(keys: tuple[str, ...], purpose: str, token: str) -> dict:
    """Return what we signed. A program sends the same token each time, and is looked at once."""
    claims = _serializer(keys, purpose).loads(token)
    if not isinstance(claims, dict) or not isinstance(claims.get("exp"), int | float):
        raise ValueError("This is not what `sign` makes.")
    return claims


def fingerprint(*state: object) -> str:
    """Return a short digest of `state`; a token that holds it dies when the state changes."""
    return hashlib.sha256(repr(state).encode()).hexdigest()[:24]


def digest(secret: str) -> str:
    """Return what the database keeps of a random secret: 64 hex digits of SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()
