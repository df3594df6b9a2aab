"""Texts that all processes of a site share for a while, in a Redis."""

import hashlib

from flask import current_app

from ..lib.absence import Absence
from .redis import REDIS_ERRORS, connection_pool, redis, require_client

_LASTS = 600  # seconds
_PAUSE = 2  # seconds that nobody asks a Redis again which did not answer
_MARK = 16  # bytes


class SharedTexts:
    """Texts by their names; without any while Redis is away.

    `key`, of 32 to 64 bytes, tells sites, and editions of one, apart. It also makes the mark of
    each text: what somebody else has put there is not shown to anybody.
    """

    def __init__(self, url: str, *, timeout: float, key: bytes):
        require_client()
        self._redis = redis.Redis(connection_pool=connection_pool(url, timeout=timeout))
        self._key = key
        self._absence = Absence(pause=_PAUSE)

    def get(self, names: list[str]) -> list[str | None]:
        """Return the text of each name, None where there is none."""
        places = list(map(self._place, names))
        found = self._ask(lambda: self._redis.mget(places)) or [None] * len(names)
        return [self._opened(*pair) for pair in zip(places, found, strict=True)]

    def put(self, texts: dict[str, str]) -> None:
        """Keep texts, by their names, for ten minutes."""

        def send():
            with self._redis.pipeline(transaction=False) as batch:
                for name, text in texts.items():
                    place, content = self._place(name), text.encode()
                    batch.set(place, self._mark(place, content) + content, ex=_LASTS)
                batch.execute()

        self._ask(send)

    def _place(self, name: str) -> str:
        return f"flasky:text:{hashlib.blake2b(name.encode(), key=self._key).hexdigest()[:40]}"

    def _mark(self, place: str, content: bytes) -> bytes:
        said = place.encode() + content
        return hashlib.blake2b(said, key=self._key, digest_size=_MARK).digest()

    def _opened(self, place: str, found: bytes | None) -> str | None:
        if found is None:
            return None
        mark, content = found[:_MARK], found[_MARK:]
        return content.decode() if mark == self._mark(place, content) else None

    def _ask(self, question):
        """Return the answer of Redis; None while it is away."""
        if self._absence.lasts():
            return None
        try:
            answer = question()
        except REDIS_ERRORS as error:
            if self._absence.begin():
                current_app.logger.warning(
                    "Redis is away, each process renders for itself: %s", error
                )
            return None
        if self._absence.end():
            current_app.logger.info("Redis is back; what is rendered is shared again.")
        return answer
