"""The form of an API token: a prefix that scanners for leaked secrets know, 192 random bits, and a
checksum, so that a mistyped token is told from a wrong one without asking the database."""

import secrets
import zlib

PREFIX = "fb_"
_RANDOM, _CHECKSUM = 32, 8  # characters


def new_token() -> str:
    """Return a token that nobody can guess."""
    random = secrets.token_urlsafe(24)
    return f"{PREFIX}{random}{_checksum(random)}"


def is_well_formed(token: str) -> bool:
    """Tell whether `token` may be one of ours; only the database knows whether it is."""
    if not token.startswith(PREFIX) or len(token) != len(PREFIX) + _RANDOM + _CHECKSUM:
        return False
    random = token[len(PREFIX) : -_CHECKSUM]
    return token[-_CHECKSUM:] == _checksum(random)


def _checksum(random: str) -> str:
    return f"{zlib.crc32(random.encode('utf-8', 'surrogatepass')):08x}"
