"""Keeping a text so that only who knows a secret can read it.

Meant for a secret that seals one text only: the text is added to a key stream that nothing but the
secret determines. A digest of the text tells whether it was opened with the right secret.
"""

import hashlib
from base64 import b64decode, b64encode

_DIGEST = 16  # bytes


def seal(secret: str, text: str) -> str:
    """Return `text` as something that says nothing without `secret`."""
    plain = text.encode()
    return b64encode(_mix(secret, hashlib.sha256(plain).digest()[:_DIGEST] + plain)).decode()


def unseal(secret: str, sealed: str) -> str | None:
    """Return what was sealed, or None if it was with another secret."""
    opened = _mix(secret, b64decode(sealed))
    digest, plain = opened[:_DIGEST], opened[_DIGEST:]
    return plain.decode() if hashlib.sha256(plain).digest()[:_DIGEST] == digest else None


def _mix(secret: str, data: bytes) -> bytes:
    stream = hashlib.shake_256(b"flasky.seal\0" + secret.encode()).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, stream, strict=True))
