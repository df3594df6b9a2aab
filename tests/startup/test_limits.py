"""Where the requests of programs are counted, and which queue the settings may name."""

import pytest

from app import create_app
from app.adapters.redis import PatientCounters
from app.exceptions import ConfigurationError
from config import TestingConfig
from tests.adapters.mail_server import free_port


@pytest.fixture
def settings(monkeypatch):
    """Change settings before an application is made."""
    return lambda name, value: monkeypatch.setattr(TestingConfig, name, value)


def test_a_redis_that_is_named_counts_and_one_that_is_away_does_not_stop_the_site(settings):
    settings("RATELIMIT_STORAGE_URI", f"redis://127.0.0.1:{free_port()}/0")
    settings("FLASKY_REDIS_TIMEOUT", 0.25)
    app = create_app("testing")
    counters = app.extensions["counters"]
    assert isinstance(counters, PatientCounters)
    with app.app_context():
        assert counters.incr("k", 60) == 1


def test_without_one_each_process_counts_for_itself(settings):
    app = create_app("testing")
    assert not isinstance(app.extensions["counters"], PatientCounters)


def test_a_queue_that_nobody_knows_is_refused_at_the_start(settings):
    settings("FLASKY_QUEUE_URL", "amqp://localhost")
    with pytest.raises(ConfigurationError, match="FLASKY_QUEUE_URL must begin with redis://"):
        create_app("testing")
