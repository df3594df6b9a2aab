"""Whole pages for readers who are nobody in particular, kept for a few seconds.

It stands before Flask, so that a crowd of strangers costs next to nothing. Only what a request
without cookies got, and what says itself that it may be shared, is kept; whoever has signed in is
never answered from here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from time import monotonic

import orjson
from cachetools import LRUCache
from werkzeug.http import parse_etags

from ..adapters.cache import SharedCache
from .compression import encoding_for

LONGEST_RENEWAL = 1  # seconds after its own in which a page is shown while somebody renews it
# What an answer says that may be kept. A browser asks again each time, and mostly gets 304; a
# proxy in front may do as we do. Five seconds after a change everybody sees it: a list that the
# page shows may have been a second old.
SHARED = f"public, max-age=0, s-maxage={{seconds}}, stale-while-revalidate={LONGEST_RENEWAL}"
_PAGES = 200
# About one request, not about the page.
_NOT_KEPT = {"date", "x-request-id"}


@dataclass(slots=True)
class _Page:
    headers: list[tuple[str, str]]
    body: bytes
    fresh_until: float
    is_being_renewed: bool = False
    etag: str = field(init=False)

    def __post_init__(self):
        self.etag = dict(self.headers).get("ETag", "")

    def may_be_shown(self, now: float) -> bool:
        more = LONGEST_RENEWAL if self.is_being_renewed else 0
        return now < self.fresh_until + more


class PageCache:
    """WSGI middleware around the application.

    `shared` holds pages that other processes have made. Of those that expire, one process at a time
    makes a page anew, and one of its threads; meanwhile all others show the old one.
    """

    def __init__(self, application: Callable, seconds: float, shared: SharedCache | None = None):
        self._application, self._seconds, self._shared = application, seconds, shared
        self._pages: LRUCache = LRUCache(_PAGES)
        self._lock = Lock()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self._application(environ, start_response)
        page = self._find(key) or self._find_elsewhere(key)
        if page is None:
            return self._ask(key, environ, start_response)
        age = self._seconds - (page.fresh_until - monotonic())
        return _answer(page, ceil(age), environ, start_response)

    def _find(self, key: tuple) -> _Page | None:
        """Return the page to show; None lets this one request renew it."""
        now = monotonic()
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.may_be_shown(now):
                return page
            page.is_being_renewed = True
            return None

    def _find_elsewhere(self, key: tuple) -> _Page | None:
        """Return what another process has made, or what may be shown until it has."""
        if self._shared is None:
            return None
        if found := self._shared.get_with_rest(repr(key)):
            content, rest = found  # which another setting than ours may have made longer
            page = _unpacked(content, monotonic() + min(rest, self._seconds))
            self._keep(key, page)
            return page
        with self._lock:
            old = self._pages.get(key)
        if old is None or not old.may_be_shown(monotonic()):
            return None
        if self._shared.claim(repr(key), LONGEST_RENEWAL):
            return None
        old.is_being_renewed = False  # not by us: the next request looks again
        return old

    def _keep(self, key: tuple, page: _Page) -> bool:
        """Keep a page; tell whether there had been one of that address."""
        with self._lock:
            is_asked_again = key in self._pages
            self._pages[key] = page
            return is_asked_again

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
        page = _Page(headers, content, monotonic() + self._seconds)
        # What nobody asks for again is not shared: a crowd of made-up addresses would fill a Redis.
        if self._keep(key, page) and self._shared is not None:
            self._shared.put({repr(key): _packed(page)}, self._seconds)
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


def _packed(page: _Page) -> bytes:
    return orjson.dumps(page.headers) + b"\n" + page.body


def _unpacked(content: bytes, fresh_until: float) -> _Page:
    headers, _, body = content.partition(b"\n")
    return _Page([(name, value) for name, value in orjson.loads(headers)], body, fresh_until)


def _answer(page: _Page, age: int, environ: dict, start_response: Callable) -> list[bytes]:
    known = parse_etags(environ.get("HTTP_IF_NONE_MATCH"))
    if page.etag and known.contains_raw(page.etag):
        left_out = {"content-length", "content-type"}
        headers = [pair for pair in page.headers if pair[0].lower() not in left_out]
        start_response("304 Not Modified", [*headers, ("Age", str(age))])
        return []
    start_response("200 OK", [*page.headers, ("Age", str(age))])
    return [page.body]
