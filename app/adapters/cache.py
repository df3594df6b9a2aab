"""Texts that all processes of a site share for a while, in a Redis."""

import hashlib
from hmac import compare_digest

from .redis import Dispensable, connection_pool, redis, require_client

_LASTS = 600  # seconds
_MARK = 16  # bytes


class SharedTexts:
    """Texts by their names; without any while Redis is away.

    `key`, of 32 to 64 bytes, tells sites, and editions of one, apart. It also makes the mark of
    each text: what somebody else has put there is not shown to anybody.
    """

    def __init__(self, url: str, *, timeout: float, key: bytes):
        require_client()
        self._client = redis.Redis(connection_pool=connection_pool(url, timeout=timeout))
        self._key = key
        self._redis = Dispensable(
            without="each process renders for itself",
            again="what is rendered is shared again",
        )

    def get(self, names: list[str]) -> list[str | None]:
        """Return the text of each name, None where there is none."""
        places = list(map(self._place, names))
        found = self._redis.ask(lambda: self._client.mget(places), lambda: [None] * len(names))
        return [self._opened(*pair) for pair in zip(places, found, strict=True)]

    def put(self, texts: dict[str, str]) -> None:
        """Keep texts, by their names, for ten minutes."""

        def send():
            with self._client.pipeline(transaction=False) as batch:
                for name, text in texts.items():
                    place, content = self._place(name), text.encode()
                    batch.set(place, self._mark(place, content) + content, ex=_LASTS)
                batch.execute()

        self._redis.ask(send, lambda: None)

    def _place(self, name: str) -> str:
        return f"flasky:text:{hashlib.blake2b(name.encode(), key=self._key).hexdigest()[:40]}"

    def _mark(self, place: str, content: bytes) -> bytes:
        said = place.encode() + content
        return hashlib.blake2b(said, key=self._key, digest_size=_MARK).digest()

    def _opened(self, place: str, found: bytes | None) -> str | None:
        if found is None:
            return None
        mark, content = found[:_MARK], found[_MARK:]
        return content.decode() if compare_digest(mark, self._mark(place, content)) else None
