"""A Redis for the tests of whatever asks one."""

from tests.adapters.redis_server import redis, redis_server  # noqa: F401
