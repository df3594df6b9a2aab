"""Which page of a list was asked for."""

from flask import current_app, request

from ..queries.lists import Rows
from ..queries.paging import LAST_PAGE, Page, paginate
from .kept_pages import kept_page


def requested_page() -> int:
    """Return `?page` as a number from 1; whatever is not one counts as 1."""
    return max(1, min(request.args.get("page", 1, type=int), LAST_PAGE))


def wants_last_page() -> bool:
    return request.args.get("page") == "-1"


def requested_moment() -> int | None:
    """Return `?as_of`, which the links of a pager carry: see queries/paging.py."""
    return request.args.get("as_of", type=int)


def per_page(of: str) -> int:
    """Return how many `POSTS`, `COMMENTS` or `FOLLOWERS` a page shows."""
    return current_app.config[f"FLASKY_{of}_PER_PAGE"]


def newest_first(rows: Rows, of: str, *, shape=None, may_be_kept: bool = False) -> Page:
    """Return the page that was asked for of a list with the newest at its top.

    If it `may_be_kept` (kept_pages.py), it may be a second old.
    """
    show = kept_page if may_be_kept else paginate
    return show(rows, requested_page(), per_page(of), as_of=requested_moment(), shape=shape)
