"""Applications with other settings than the tests' own."""

import pytest

from app import create_app
from config import TestingConfig, config
from tests.adapters.redis_server import redis, redis_server  # noqa: F401
from tests.web.variants import app_with  # noqa: F401


@pytest.fixture
def make_app(monkeypatch):
    """Return an application that runs as in tests, but with these settings."""

    def make(**settings):
        changed = type("ChangedConfig", (TestingConfig,), settings)
        monkeypatch.setitem(config, "changed", changed)
        return create_app("changed")

    return make
