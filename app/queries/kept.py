"""Answers of the database that are kept for some seconds.

What every page of a list asks anew and hardly ever changes: how many rows there are, and which of
the 1,000 people whom somebody follows wrote last. Each costs as much as the page itself. An answer
may be some seconds late about what others do. What readers do themselves they see at once: it is
kept under whatever of it they can change (app/queries/posts.py), so that their own acts make
another key.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Any

from cachetools import TTLCache
from flask import current_app

_MOST = 10_000


class KeptAnswers:
    """The answers of one application, for so many seconds each."""

    def __init__(self, seconds: float, timer: Callable[[], float] = monotonic):
        self._answers: TTLCache = TTLCache(_MOST, seconds, timer)
        self._lock = Lock()

    def get(self, key: Hashable) -> Any | None:
        with self._lock:
            return self._answers.get(key)

    def put(self, key: Hashable, answer: Any) -> None:
        with self._lock:
            self._answers[key] = answer


def kept_answers() -> KeptAnswers:
    return current_app.extensions["answers"]
