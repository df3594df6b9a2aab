"""Limits on how often something may be tried, counted in our own database for all processes."""

import math
import time
from functools import cache

from flask import current_app, request
from limits import parse as parse_limit
from limits.strategies import FixedWindowRateLimiter

from ..adapters.rate_limits import DatabaseStorage
from ..exceptions import RateLimitExceeded
from ..lib.networks import network_of

_limiter = FixedWindowRateLimiter(DatabaseStorage())
_parse = cache(parse_limit)  # a setting; to read its words takes as long as to count


def throttle(limit: str, *who) -> None:
    """Count one try against the setting `FLASKY_LIMIT_<limit>`, for `who` alone.

    Raises RateLimitExceeded when there were too many. The count is kept with the caller's
    transaction, if there is one.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    item = _parse(current_app.config[f"FLASKY_LIMIT_{limit}"])
    if not _limiter.hit(item, limit, *map(str, who)):
        reset_at = _limiter.get_window_stats(item, limit, *map(str, who)).reset_time
        raise RateLimitExceeded(max(1, math.ceil(reset_at - time.time())))


def refund(limit: str, *who) -> None:
    """Take back one try that turned out to be harmless."""
    if current_app.config["RATELIMIT_ENABLED"]:
        item = _parse(current_app.config[f"FLASKY_LIMIT_{limit}"])
        _limiter.storage.incr(item.key_for(limit, *map(str, who)), item.get_expiry(), -1)


def client_network() -> str:
    """Return the network of the client, as wide as one household gets."""
    return network_of(request.remote_addr)
