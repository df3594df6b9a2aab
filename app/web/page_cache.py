"""Whole pages for readers who are nobody in particular, kept for a few seconds.

It stands before Flask, so that a crowd of strangers costs next to nothing. Only what a request
without cookies got, and what says itself that it may be shared, is kept; whoever has signed in is
never answered from here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from cachetools import LRUCache
from werkzeug.http import parse_etags

from .compression import encoding_for

# What an answer says that may be kept. A browser asks again each time, and mostly gets 304; a
# proxy in front may do as we do. Five seconds after a change everybody sees it.
SHARED = "public, max-age=0, s-maxage={seconds}, stale-while-revalidate=2"
_PAGES = 200
_LONGEST_RENEWAL = 2.0  # seconds after its own in which a page is shown while one renews it
# About one request, not about the page.
_NOT_KEPT = {"date", "x-request-id"}


@dataclass(slots=True)
class _Page:
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    fresh_until: float
    is_being_renewed: bool = False

    def may_be_shown(self, now: float) -> bool:
        more = _LONGEST_RENEWAL if self.is_being_renewed else 0
        return now < self.fresh_until + more


class PageCache:
    """WSGI middleware around the application."""

    def __init__(self, application: Callable, seconds: float):
        self._application, self._seconds = application, seconds
        self._pages: LRUCache = LRUCache(_PAGES)
        self._lock = Lock()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self._application(environ, start_response)
        page = self._find(key)
        if page is None:
            return self._ask(key, environ, start_response)
        return _answer(page, environ, start_response)

    def _find(self, key: tuple) -> _Page | None:
        """Return the page to show; None lets this one request renew it."""
        now = monotonic()
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.may_be_shown(now):
                return page
            page.is_being_renewed = True
            return None

    def _ask(self, key: tuple, environ: dict, start_response: Callable) -> Iterable[bytes]:
        started = []

        def note(status, headers, exc_info=None):
            started[:] = [status, headers]
            return start_response(status, headers, exc_info)

        body = self._application(environ, note)
        if not started or not _may_be_kept(*started):
            return body
        try:
            content = b"".join(body)
        finally:
            getattr(body, "close", bool)()
        headers = [(name, value) for name, value in started[1] if name.lower() not in _NOT_KEPT]
        etag = dict(headers).get("ETag", "")
        page = _Page(headers, content, etag, monotonic() + self._seconds)
        with self._lock:
            self._pages[key] = page
        return [content]


def _key(environ: dict) -> tuple | None:
    """Return what tells pages apart; None for a request that must reach the application."""
    if environ["REQUEST_METHOD"] != "GET":
        return None
    if "HTTP_COOKIE" in environ or "HTTP_AUTHORIZATION" in environ or "HTTP_RANGE" in environ:
        return None
    names = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
    encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
    return (encoding, *(environ.get(name, "") for name in names))


def _may_be_kept(status: str, headers: list[tuple[str, str]]) -> bool:
    """Tell whether an answer says that it is for everybody, and sets no cookie."""
    said = {name.lower(): value for name, value in headers}
    return (
        status.startswith("200")
        and "s-maxage" in said.get("cache-control", "")
        and "set-cookie" not in said
    )


def _answer(page: _Page, environ: dict, start_response: Callable) -> list[bytes]:
    known = parse_etags(environ.get("HTTP_IF_NONE_MATCH"))
    if page.etag and known.contains_raw(page.etag):
        left_out = {"content-length", "content-type"}
        headers = [pair for pair in page.headers if pair[0].lower() not in left_out]
        start_response("304 Not Modified", headers)
        return []
    start_response("200 OK", list(page.headers))
    return [page.body]
