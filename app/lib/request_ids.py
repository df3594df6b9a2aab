"""The name of a request, by which the lines that it left in all logs are found together."""

import re
from contextvars import ContextVar
from secrets import token_hex

LONGEST = 64
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")

_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def make() -> str:
    return token_hex(16)


def is_well_formed(text: str) -> bool:
    """Whether `text` may stand in a log: 8 to 64 letters, digits, dots and dashes."""
    return _WELL_FORMED.fullmatch(text) is not None


def current() -> str | None:
    """Return the id of the request that is being answered, or that promised the present job."""
    return _current.get()


def begin(request_id: str | None) -> str | None:
    """Let what happens from here on belong to this request; return what it belonged to before.

    Not a context manager: a request begins and ends in different functions.
    """
    before = _current.get()
    _current.set(request_id)
    return before
