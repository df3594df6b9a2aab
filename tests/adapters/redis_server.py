"""A Redis of the test's own, which may be stopped, frozen and started again."""

import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

import pytest
from redis import Redis

from tests.adapters.mail_server import free_port

_PATIENCE = 10  # seconds for a start


class RedisServer:
    """Keeps nothing on disk: what it held is gone when it is stopped."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder, self._process = folder, None

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", str(self._folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + _PATIENCE
        while not self.is_listening():
            assert time.monotonic() < deadline, "redis-server did not start"
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Let it take connections, as the system does for it, and answer nobody."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def run_redis(folder):
    """Run a Redis in `folder`, where one is installed; otherwise skip the test."""
    if shutil.which("redis-server") is None:
        pytest.skip("there is no redis-server (apt-get install redis-server)")
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
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
