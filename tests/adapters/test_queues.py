"""The queues that a site may have, each real: a file, Redis, PostgreSQL."""

import time

import pytest
from huey import MemoryHuey, RedisHuey, SqliteHuey

from app.adapters import queues
from app.adapters.queues import QUEUE_ERRORS, check_queue_url, open_queue
from app.exceptions import ConfigurationError
from tests.adapters.mail_server import free_port
from tests.databases import new_database, server_at_hand


@pytest.fixture(scope="module")
def postgresql_url():
    with new_database(server_at_hand("postgresql")) as url:
        yield url


@pytest.fixture(params=["file", "redis", "postgresql"])
def queue(request, tmp_path):
    """A queue of each kind, empty."""
    url = None
    if request.param == "redis":
        url = request.getfixturevalue("redis").url
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    queue = open_queue(url, str(tmp_path / "queue.sqlite"), timeout=0.5)
    yield queue
    queue.storage.flush_queue()
    queue.storage.close()
    if request.param == "redis":
        queue.storage.pool.disconnect()


def test_what_was_queued_comes_out_once_in_its_order(queue):
    done = []
    task = queue.task(name="note")(done.append)
    for number in range(3):
        task(number)
    assert len(queue) == 3
    while waiting := queue.dequeue():
        queue.execute(waiting)
    assert done == [0, 1, 2]
    assert len(queue) == 0


def test_an_empty_queue_is_looked_at_and_not_waited_for(queue):
    started = time.monotonic()
    assert queue.dequeue() is None
    assert time.monotonic() - started < 2


def test_without_file_and_url_the_queue_is_in_memory(tmp_path):
    assert isinstance(open_queue(None, None, timeout=1), MemoryHuey)


def test_a_url_comes_before_the_file(tmp_path, redis):
    file = tmp_path / "queue.sqlite"
    assert isinstance(open_queue(None, str(file), timeout=1), SqliteHuey)
    file.unlink()
    assert isinstance(open_queue(redis.url, str(file), timeout=1), RedisHuey)
    assert not file.exists()


@pytest.mark.parametrize("kind", ["redis", "postgresql"])
def test_a_server_that_is_gone_is_one_of_the_errors(kind):
    with pytest.raises(QUEUE_ERRORS):
        open_queue(f"{kind}://127.0.0.1:{free_port()}/0", None, timeout=0.5).storage.enqueue(b"x")


# --- Settings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", [None, "", "redis://x/0", "rediss://x/0", "postgresql://x/y", "postgres://x/y"]
)
def test_these_are_queues(url):
    check_queue_url(url)


@pytest.mark.parametrize("url", ["mysql://u:secret@x/y", "queue.sqlite", "http://x"])
def test_anything_else_is_refused_without_showing_a_password(url):
    with pytest.raises(ConfigurationError, match=r"must begin with redis://") as refusal:
        check_queue_url(url)
    assert "secret" not in str(refusal.value)


def test_without_the_driver_the_operator_learns_what_to_install(monkeypatch):
    monkeypatch.setattr(queues, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"requirements/prod\.txt"):
        check_queue_url("postgresql://x/y")
