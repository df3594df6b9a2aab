"""People who write at the same time, over HTTP, and remember what they were told."""

import http.client
import json
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread
from urllib.parse import urlsplit
from uuid import uuid4

from tests.faults.site import FaultySite

ACKNOWLEDGED = (201, 202, 303)
_TIMEOUT = 20  # seconds for an answer; a fault may cost a while, but not for ever
_PATIENCE = 60  # seconds that a writer insists on one text


@dataclass(frozen=True)
class Write:
    """A text that the site has promised to keep."""

    table: str
    text: str


@dataclass(frozen=True)
class Attempt:
    """One request: when it began (time.monotonic), how long it took, how it went."""

    began: float
    took: float
    status: int | None  # None: the connection broke
    error: str = ""

    @property
    def failed(self) -> bool:
        return self.status is None or self.status >= 500


class Writers:
    """`with Writers(site): …` runs one thread for each token of the site, at work meanwhile.

    Each text has an Idempotency-Key and is sent until the site acknowledges it, so that a lost
    answer is no doubt: afterwards each must be there exactly once. `share` says how many of a
    hundred texts are posts, comments and registrations; the last promise a mail.
    """

    def __init__(self, site: FaultySite, *, seed: int, share=(40, 30, 30), pause: float = 0.02):
        self._site, self._share, self._pause = site, share, pause
        self._stopped = Event()
        self.acknowledged: list[Write] = []
        self.attempts: list[Attempt] = []
        self.unexpected: list[str] = []
        self._posts: list[str] = []
        self._threads = [
            Thread(target=self._write, args=(token, random.Random(seed * 1000 + number)))
            for number, token in enumerate(site.tokens)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception):
        self.stop()

    def stop(self) -> None:
        """Let everybody finish what they are at, and go."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(_PATIENCE + _TIMEOUT)
        assert not any(thread.is_alive() for thread in self._threads)

    @property
    def failures(self) -> list[Attempt]:
        """The attempts that got no answer, or one that is the site's fault."""
        return [attempt for attempt in self.attempts if attempt.failed]

    @property
    def faults(self) -> list[Attempt]:
        """The attempts that were answered with 5xx."""
        return [attempt for attempt in self.failures if attempt.status is not None]

    @property
    def newcomers(self) -> set[str]:
        """The addresses to which a mail was promised."""
        return {write.text for write in self.acknowledged if write.table == "users"}

    def percentile(self, share: float, since: float = 0, until: float = float("inf")) -> float:
        """Return how long requests took, in seconds, of those that began in this time."""
        times = sorted(a.took for a in self.attempts if since <= a.began < until)
        assert times, "nobody asked for anything meanwhile"
        return times[min(len(times) - 1, int(share * len(times)))]

    def _write(self, token: str, chance: random.Random) -> None:
        client = _Client(self._site.port, token)
        while not self._stopped.is_set():
            table, path, body, text = self._choose(chance)
            answer = self._insist(client, path, body)
            if answer is not None:
                self.acknowledged.append(Write(table, text))
                if table == "posts":
                    self._posts.append(urlsplit(answer["comments_url"]).path)
            self._stopped.wait(self._pause * chance.random() * 2)
        client.close()

    def _choose(self, chance: random.Random) -> tuple[str, str, dict, str]:
        text = uuid4().hex
        (kind,) = chance.choices(("posts", "comments", "users"), self._share)
        if kind == "users":
            address = f"{text}@example.com"
            words = {"email": address, "username": f"u{text}", "password": "wry otter paints"}
            return kind, "/api/v1/users/", words, address
        if kind == "comments" and self._posts:
            return kind, chance.choice(self._posts), {"body": text}, text
        return "posts", "/api/v1/posts/", {"body": text}, text

    def _insist(self, client: "_Client", path: str, body: dict) -> dict | None:
        """Send until it is acknowledged; return the answer, or None if that never happened."""
        key, deadline = uuid4().hex, time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            attempt, answer = client.post(path, body, key)
            self.attempts.append(attempt)
            if attempt.status in ACKNOWLEDGED:
                return answer
            if not attempt.failed:
                self.unexpected.append(f"{path}: {attempt.status} {answer}")
                return None
            time.sleep(0.05)
        self.unexpected.append(f"{path}: no acknowledgement within {_PATIENCE} s: {attempt}")
        return None


class _Client:
    """A connection that is kept open, as programs do, and opened again when it broke."""

    def __init__(self, port: int, token: str):
        self._connection = http.client.HTTPConnection("localhost", port, timeout=_TIMEOUT)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(self, path: str, body: dict, key: str) -> tuple[Attempt, dict | None]:
        began = time.monotonic()
        try:
            headers = {**self._headers, "Idempotency-Key": key}
            if path == "/api/v1/users/":  # who registers is nobody yet
                del headers["Authorization"]
            self._connection.request("POST", path, json.dumps(body), headers)
            response = self._connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Attempt(began, time.monotonic() - began, None, repr(error)), None
        answer = None
        with suppress(ValueError):
            answer = json.loads(text)
        error = text.decode(errors="replace")[:200] if response.status >= 500 else ""
        return Attempt(began, time.monotonic() - began, response.status, error), answer

    def close(self) -> None:
        self._connection.close()
