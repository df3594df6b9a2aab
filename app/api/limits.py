"""How much may be asked for: by a token, by an account, and by an address without either."""

import time
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flask import current_app, g
from limits import parse

from ..exceptions import RateLimitExceeded
from ..web.throttle import client_network
from .authentication import identify

_parse = cache(parse)  # of the few texts in the settings


class Left(NamedTuple):
    """How far somebody is from the limit that they will meet first."""

    amount: int  # what may be asked for in all
    remaining: int
    seconds: int  # until all of it may be asked for again


def count_request() -> None:
    """Count a request against the settings FLASKY_LIMIT_API_*; g.left says how much remains.

    Raises RateLimitExceeded when there were too many. What one limit refuses does not count
    against the next.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    counters = current_app.extensions["counters"]
    closest = None
    for name, who in _counted_as():
        limit = _parse(current_app.config[f"FLASKY_LIMIT_{name}"])
        key = limit.key_for(who, name)
        remaining = limit.amount - counters.incr(key, limit.get_expiry())
        if closest is None or remaining < closest[0]:
            closest = remaining, limit, key
        if remaining < 0:
            break
    remaining, limit, key = closest
    seconds = max(0, int(counters.get_expiry(key) + 1 - time.time()))
    g.left = Left(limit.amount, max(0, remaining), seconds)
    if remaining < 0:
        raise RateLimitExceeded(max(1, seconds))


def _counted_as() -> Iterator[tuple[str, str]]:
    """Yield the limits that hold for who asks, each with whom it counts."""
    user = identify()
    if user is None:
        yield "API_ADDRESS", client_network()
        return
    if g.token_used:
        row = g.api_token
        yield "API_TOKEN", f"token {row.id}" if row else f"short-lived token of {user.id}"
    yield "API_ACCOUNT", f"user {user.id}"
