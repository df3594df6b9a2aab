"""A clock for whatever is kept for seconds, and a Redis for what is shared."""

import pytest

from app.web import page_cache
from tests.adapters.redis_server import redis, redis_server  # noqa: F401
from tests.web.variants import app_with  # noqa: F401


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """What the caches take for the time."""
    clock = Clock()
    monkeypatch.setattr(page_cache, "monotonic", clock)
    return clock
