"""Which page of a list was asked for."""

from flask import current_app, request

from ..queries.paging import LAST_PAGE


def requested_page() -> int:
    """Return `?page` as a number from 1; whatever is not one counts as 1."""
    return max(1, min(request.args.get("page", 1, type=int), LAST_PAGE))


def wants_last_page() -> bool:
    return request.args.get("page") == "-1"


def per_page(of: str) -> int:
    """Return how many `POSTS`, `COMMENTS` or `FOLLOWERS` a page shows."""
    return current_app.config[f"FLASKY_{of}_PER_PAGE"]
