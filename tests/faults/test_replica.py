"""A real primary with a real streaming replica: lagging, stopped, started again, promoted."""

import http.client
import json
import shutil
import time
from collections import Counter
from contextlib import ExitStack, closing
from threading import Thread
from uuid import uuid4

import pytest

from tests.faults.postgres import Cluster, find_binaries, new_folder
from tests.faults.site import FaultySite

# As docs/operations.md advises: without the feedback the primary removes rows under a reader.
SETTINGS = "recovery_min_apply_delay = '500ms'\nhot_standby_feedback = on"


@pytest.fixture(scope="module")
def clusters():
    """Give (primary, replica), running; the replica is half a second behind."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip(
            "PostgreSQL is not installed (initdb is neither in PATH nor where Debian has it)"
        )
    folders = [new_folder(), new_folder()]
    with ExitStack() as stack:
        for folder in folders:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        primary = Cluster(binaries, folders[0]).create().start()
        stack.callback(primary.stop)
        replica = Cluster(binaries, folders[1]).copy(primary, SETTINGS).start()
        stack.callback(_stop_quietly, replica)
        yield primary, replica


def _stop_quietly(cluster):
    try:
        cluster.stop()
    except AssertionError:  # a test stopped it
        return


@pytest.fixture(scope="module")
def site(clusters, tmp_path_factory):
    primary, replica = clusters
    name = f"flasky_{uuid4().hex[:8]}"
    primary.ask(f"CREATE DATABASE {name}")
    replica.wait_for(f"SELECT count(*) = 1 FROM pg_database WHERE datname = '{name}'")
    url, copy = (cluster.url.removesuffix("postgres") + name for cluster in clusters)
    settings = {
        "DATABASE_REPLICA_URLS": copy,
        "FLASKY_REPLICA_MAX_LAG": "2",
        "FLASKY_PAGE_CACHE": "0",  # strangers shall show where a page was read
        "FLASKY_KEPT_LISTS": "0",
    }
    site = FaultySite(tmp_path_factory.mktemp("site"), url, **settings)
    try:
        site.start(people=4)
        yield site
    finally:
        site.stop()


class Client:
    """Somebody with a token, or a stranger; each request may come to another web worker."""

    def __init__(self, site: FaultySite, token: str | None = None):
        self._port = site.port
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, str]:
        data = None if body is None else json.dumps(body)
        headers = {**self._headers, "Connection": "close", "Content-Type": "application/json"}
        if data is None:
            del headers["Content-Type"]
        with closing(http.client.HTTPConnection("localhost", self._port, timeout=20)) as connection:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def write(self) -> str:
        """Write a post and return its text."""
        text = uuid4().hex
        status, answer = self.ask("POST", "/api/v1/posts/", {"body": text})
        assert status == 201, answer
        return text

    def address_of_own_posts(self) -> str:
        return json.loads(self.ask("GET", "/api/v1/me")[1])["url"] + "/posts/"

    def sees(self, text: str, path: str) -> bool:
        status, answer = self.ask("GET", path)
        assert status == 200, answer
        return text in answer


def wait_until_replica_is_read(
    site, author: Client, stranger: Client, patience: float = 30
) -> None:
    """Wait until a stranger does not see what was written a moment ago, in all web workers."""
    deadline, in_a_row = time.monotonic() + patience, 0
    while in_a_row < 8:
        in_a_row = 0 if stranger.sees(author.write(), "/") else in_a_row + 1
        assert time.monotonic() < deadline, f"nobody reads from the replica\n{site.log[-3000:]}"


def test_nobody_misses_their_own_writes(site, count, report):
    """Each reads right after writing, with 500 ms of lag; strangers show that there is some."""
    tries, seen = count(60, 10_000), Counter()
    wait_until_replica_is_read(site, Client(site, site.tokens[0]), Client(site))

    def write_and_read(number_of_author: int, token: str) -> None:
        author, stranger = Client(site, token), Client(site)
        # Their own list: from that of everybody the others would push it within half a second.
        own, page = author.address_of_own_posts(), f"/user/writer{number_of_author}"
        for number in range(tries // len(site.tokens)):
            text = author.write()
            seen["own, seen" if author.sees(text, own) else "own, missed"] += 1
            if number % 10 == 0:
                seen["stranger, late" if not stranger.sees(text, page) else "stranger"] += 1

    threads = [Thread(target=write_and_read, args=pair) for pair in enumerate(site.tokens)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(1200)
    report(f"{dict(seen)}")
    fault = site.log.partition("Traceback")[2]
    assert not fault, fault[:6000]
    assert seen["own, seen"] == tries
    assert seen["own, missed"] == 0
    assert seen["stranger, late"] > 0, "nobody read from the replica: this test proved nothing"


def test_a_replica_that_lags_too_much_is_left_out_and_comes_back(site, clusters):
    _, replica = clusters
    author, stranger = Client(site, site.tokens[0]), Client(site)
    wait_until_replica_is_read(site, author, stranger)
    said = site.log.count("is left out: it lags by more than 2 s")
    replica.change(recovery_min_apply_delay="60s")
    try:
        deadline = time.monotonic() + 20
        while site.log.count("is left out: it lags by more than 2 s") < said + 2:  # by both workers
            author.write()
            assert time.monotonic() < deadline, site.log[-3000:]
            time.sleep(0.2)
        for _ in range(10):
            assert stranger.sees(author.write(), "/")
    finally:
        replica.change(recovery_min_apply_delay="500ms")
    wait_until_replica_is_read(site, author, stranger)


def test_a_replica_that_stops_costs_no_request(site, clusters, count, report):
    _, replica = clusters
    author, stranger = Client(site, site.tokens[0]), Client(site)
    wait_until_replica_is_read(site, author, stranger)
    statuses = Counter()
    for _ in range(count(1, 5)):
        replica.stop()
        for _ in range(40):
            statuses[stranger.ask("GET", "/")[0]] += 1
        replica.start()
        wait_until_replica_is_read(site, author, stranger)
    report(f"answers while the replica was away: {dict(statuses)}")
    assert set(statuses) == {200}


def test_a_replica_that_was_promoted_is_left_out(site, clusters):
    """The last test here: afterwards there is no replica any more."""
    _, replica = clusters
    author, stranger = Client(site, site.tokens[0]), Client(site)
    wait_until_replica_is_read(site, author, stranger)
    replica.change(recovery_min_apply_delay="0")
    replica.promote()
    deadline = time.monotonic() + 20
    while site.log.count("is left out: it is no replica") < 2:  # by both web workers
        stranger.ask("GET", "/")
        assert time.monotonic() < deadline, site.log[-3000:]
        time.sleep(0.1)
    for _ in range(10):
        assert stranger.sees(author.write(), "/")
