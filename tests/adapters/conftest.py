"""A Redis for the tests of whatever asks one."""

import pytest
from redis import Redis

from tests.adapters.redis_server import run_redis


@pytest.fixture(scope="package")
def redis_server(tmp_path_factory):
    with run_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis(redis_server):
    """A Redis that runs at the beginning and, whatever the test did to it, at the end."""
    with Redis.from_url(redis_server.url) as client:
        client.flushall()
    yield redis_server
    if not redis_server.is_listening():
        redis_server.start()
    redis_server.thaw()
