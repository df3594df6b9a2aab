"""What the processes of a site have rendered, and share for a while in a Redis."""

import hashlib
from hmac import compare_digest

from .redis import Dispensable, connection_pool, redis, require_client

_LASTS = 600  # seconds
_MARK = 16  # bytes


class SharedCache:
    """Contents by their names; without any while Redis is away.

    `key`, of 32 to 64 bytes, tells sites, and editions of one, apart. It also makes the mark of
    each content: what somebody else has put there is not shown to anybody.
    """

    def __init__(self, url: str, *, timeout: float, key: bytes):
        require_client()
        self._client = redis.Redis(connection_pool=connection_pool(url, timeout=timeout))
        self._key = key
        self._redis = Dispensable(
            without="each process renders for itself",
            again="what is rendered is shared again",
        )

    def get(self, names: list[str]) -> list[bytes | None]:
        """Return the content of each name, None where there is none."""
        places = list(map(self._place, names))
        found = self._redis.ask(lambda: self._client.mget(places), lambda: [None] * len(names))
        return [self._opened(*pair) for pair in zip(places, found, strict=True)]

    def get_with_rest(self, name: str) -> tuple[bytes, float] | None:
        """Return the content of a name and for how many seconds it is still kept."""
        place = self._place(name)

        def ask():
            with self._client.pipeline(transaction=False) as batch:
                return batch.get(place).pttl(place).execute()

        found, rest = self._redis.ask(ask, lambda: (None, 0))
        content = self._opened(place, found)
        return None if content is None or rest <= 0 else (content, rest / 1000)

    def put(self, contents: dict[str, bytes], seconds: float = _LASTS) -> None:
        """Keep contents, by their names, for so many seconds."""

        def send():
            with self._client.pipeline(transaction=False) as batch:
                for name, content in contents.items():
                    place = self._place(name)
                    marked = self._mark(place, content) + content
                    batch.set(place, marked, px=int(seconds * 1000))
                batch.execute()

        self._redis.ask(send, lambda: None)

    def claim(self, name: str, seconds: float) -> bool:
        """Tell whether nobody else has claimed a name in the last `seconds`: it is yours now."""
        place, rest = f"{self._place(name)}:claimed", int(seconds * 1000)
        return self._redis.ask(
            lambda: bool(self._client.set(place, b"", nx=True, px=rest)), lambda: True
        )

    def _place(self, name: str) -> str:
        return f"flasky:kept:{hashlib.blake2b(name.encode(), key=self._key).hexdigest()[:40]}"

    def _mark(self, place: str, content: bytes) -> bytes:
        said = place.encode() + content
        return hashlib.blake2b(said, key=self._key, digest_size=_MARK).digest()

    def _opened(self, place: str, found: bytes | None) -> bytes | None:
        if found is None:
            return None
        mark, content = found[:_MARK], found[_MARK:]
        return content if compare_digest(mark, self._mark(place, content)) else None
