"""Pages of lists that look the same for everybody, kept for a second.

However many people look at the newest posts, each process asks the database for them once a second,
and puts their cards together once. Whoever has just written something, in whichever browser, gets
them as they are now; all others see it when the second is over.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from time import monotonic

from cachetools import TTLCache
from flask import current_app
from flask_login import current_user

from ..queries.lists import Rows, Shape
from ..queries.paging import Page, paginate

_MOST = 200
_JUST_NOW = timedelta(seconds=5)  # longer than anything is kept, whatever the clocks say


class KeptPages:
    """The pages of one application, and what they show, for so many seconds each; 0 keeps none."""

    def __init__(self, seconds: float, timer: Callable[[], float] = monotonic):
        self._pages: TTLCache = TTLCache(_MOST if seconds else 0, seconds, timer)
        self._lock = Lock()

    def get(self, key: tuple) -> Page | str | None:
        with self._lock:
            return self._pages.get(key)

    def put(self, key: tuple, page: Page | str) -> None:
        with self._lock:
            if self._pages.maxsize:
                self._pages[key] = page


def shared_page(
    rows: Rows,
    page: int,
    per_page: int,
    *,
    as_of: int | None = None,
    shape: Shape,
    reader=current_user,
) -> Page:
    """Return what `paginate` says of a list that is the same for everybody, or said a moment ago.

    The rows must be plain ones: objects of the session would outlive it.
    """
    pages: KeptPages = current_app.extensions["pages"]
    key = (rows.list, *rows.values.values(), rows.known_total, page, per_page, as_of, shape)
    found = None if reader.has_written_within(_JUST_NOW) else pages.get(key)
    if found is None:
        found = paginate(rows, page, per_page, as_of=as_of, shape=shape)
        pages.put(key, found)
    return found
