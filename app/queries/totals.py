"""How many rows a list has, kept for some seconds.

The number is there for the pager, and adding it up costs as much as the page itself: for the posts
of the 1,000 people whom somebody follows, a look at each of them. It may be some seconds late about
what others do. What readers do themselves they see at once: a number is kept under whatever of it
they can change (app/queries/posts.py), so that their own acts make another key.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic

from cachetools import TTLCache
from flask import current_app

_MOST = 10_000


class KeptTotals:
    """The numbers of one application, for so many seconds each."""

    def __init__(self, seconds: float, timer: Callable[[], float] = monotonic):
        self._totals: TTLCache = TTLCache(_MOST, seconds, timer)
        self._lock = Lock()

    def get(self, key: Hashable) -> int | None:
        with self._lock:
            return self._totals.get(key)

    def put(self, key: Hashable, total: int) -> None:
        with self._lock:
            self._totals[key] = total


def kept_totals() -> KeptTotals:
    return current_app.extensions["totals"]
