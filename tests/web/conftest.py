"""A clock for whatever is kept for seconds."""

import pytest

from app.web import page_cache
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
