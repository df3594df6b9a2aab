"""Which pages strangers may share."""

from flask import Flask, current_app, request, session

from ..web.page_cache import SHARED

# What anybody may read, and what looks the same for every stranger.
_PAGES = {"main.index", "main.post", "main.user", "main.followers", "main.followed_by"}


def init_app(app: Flask) -> None:
    app.after_request(_let_strangers_share)


def _let_strangers_share(response):
    """Mark a page that was made for nobody in particular, and let it be asked for by its tag."""
    asked = request._get_current_object()
    if (
        asked.endpoint in _PAGES
        and asked.method in ("GET", "HEAD")
        and response.status_code == 200
        and not asked.cookies
        and not session
        and "Set-Cookie" not in response.headers
    ):
        seconds = current_app.config["FLASKY_PAGE_CACHE"]
        response.headers["Cache-Control"] = SHARED.format(seconds=seconds)
        response.add_etag()
        response.make_conditional(asked)
    return response
