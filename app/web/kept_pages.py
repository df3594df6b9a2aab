"""What pages are made of, kept for a second: pages of lists, and whom or what they are about.

However many people look at the newest posts, each process asks the database for them once a second,
and puts their cards together once. Whoever has just written something, in whichever browser, gets
all of it as it is now; what others do they see when the second is over.
"""

from collections.abc import Callable, Hashable
from datetime import timedelta
from functools import partial
from threading import Lock
from time import monotonic

from cachetools import TTLCache
from flask import current_app
from flask_login import current_user

from ..queries.lists import Rows, Shape
from ..queries.paging import Page, paginate
from .fragments import Card

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


def kept(find: Callable, *key: Hashable, reader=current_user):
    """Return what `find()` returns, or returned for another request with `key` a moment ago.

    It must be a plain value: records of the session would outlive it. None is not kept.
    """
    pages: KeptPages = current_app.extensions["pages"]
    found = None if reader.has_written_within(_JUST_NOW) else pages.get(key)
    if found is None:
        found = find()
        if found is not None:
            pages.put(key, found)
    return found


def kept_page(
    rows: Rows,
    page: int,
    per_page: int,
    *,
    as_of: int | None = None,
    shape: Shape,
    reader=current_user,
) -> Page:
    """Return what `paginate` says of a list, or said a moment ago."""
    find = partial(paginate, rows, page, per_page, as_of=as_of, shape=shape)
    asked = (page, per_page, as_of, shape)
    return kept(find, rows.list, *rows.values.values(), rows.known_total, *asked, reader=reader)


def kept_cards(make: Callable, page: Page) -> tuple[Card, ...]:
    """Return the cards that `make` makes of the rows of a page, once as long as it is kept."""
    return kept(partial(make, page.items), make, page)
