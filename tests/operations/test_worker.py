"""The workers of gunicorn, two at a time, with an application that says which of them answers."""

import http.client
import os
import signal
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.operations.site import PATIENCE, wait_until

APPLICATION = """
import os

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
"""
COLLECTOR = """
import gc

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{gc.isenabled()} {gc.get_freeze_count() > 10_000} {while_loading}".encode()]

while_loading = gc.isenabled()
"""
CONNECTIONS = 8  # of a load: benchmarks/load.py


@pytest.fixture
def server(site):
    """Two workers with two threads each, both of them ready."""
    (site.path / "flasky.py").write_text(APPLICATION)
    with site.serve(WEB_CONCURRENCY="2", WEB_THREADS="2", FLASKY_WORKER="no") as server:
        wait_until(lambda: len(workers_of(server)) == 2)
        yield server


def open_connection(server, stack, patience=PATIENCE):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=patience)
    connection.connect()
    return stack.enter_context(closing(connection))


def ask(connection):
    """Return which worker answers, and whether it keeps the connection."""
    connection.request("GET", "/")
    answer = connection.getresponse()
    return int(answer.read()), not answer.will_close


def workers_of(server):
    """Return the workers that answer at this moment."""
    try:
        with ExitStack() as stack:
            return {ask(open_connection(server, stack))[0] for _ in range(CONNECTIONS)}
    except OSError:  # it has only just begun
        return set()


def master_of(worker):
    return int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1])


def test_connections_that_stay_open_are_shared_evenly(server):
    uneven = []
    for _ in range(5):  # a busy machine may keep one of them from its turn for once
        with ExitStack() as stack:
            connections = [open_connection(server, stack) for _ in range(CONNECTIONS)]
            taken = Counter(ask(connection)[0] for connection in connections)
        uneven.append(max(taken.values()))
        time.sleep(0.05)  # until the workers have seen that these are gone
    assert sorted(uneven)[2] <= 5, uneven


def test_connections_that_say_nothing_keep_nobody_waiting(server):
    with ExitStack() as stack:
        silent = [open_connection(server, stack) for _ in range(4 * CONNECTIONS)]
        began = time.monotonic()
        assert ask(open_connection(server, stack))
        assert time.monotonic() - began < 2  # they would hold every thread for 5 s
        assert ask(silent[-1])  # and are answered when they speak after all


def test_a_connection_that_never_says_anything_is_closed(site):
    (site.path / "flasky.py").write_text(APPLICATION)
    configuration = site.path / "deploy/gunicorn.conf.py"
    configuration.write_text(configuration.read_text().replace("keepalive = 5", "keepalive = 0"))
    with site.serve(FLASKY_WORKER="no") as server, ExitStack() as stack:
        assert server.get().isdigit()
        silent = open_connection(server, stack)
        late = open_connection(server, stack)
        time.sleep(1.5)  # the shortest patience of all is that of the setting above
        assert ask(late) == (ask(open_connection(server, stack))[0], False)
        began = time.monotonic()
        assert silent.sock.recv(1) == b""
        assert time.monotonic() - began < 10


def test_the_end_waits_for_those_who_are_late_but_not_for_the_silent(server):
    with ExitStack() as stack:
        used, silent, late = (open_connection(server, stack) for _ in range(3))
        worker, is_kept = ask(used)
        assert is_kept
        time.sleep(0.2)  # until all have been taken
        began = time.monotonic()
        os.kill(master_of(worker), signal.SIGTERM)
        time.sleep(0.5)
        assert ask(used) == (worker, False)
        assert not ask(late)[1]
        assert silent.sock.recv(1) == b""
        assert 1 < time.monotonic() - began < 5


def test_a_reload_replaces_both_and_closes_nothing_that_is_in_use(server):
    before = workers_of(server)
    with ExitStack() as stack:
        connections = [open_connection(server, stack) for _ in range(CONNECTIONS)]
        assert all(ask(connection)[1] for connection in connections)
        os.kill(master_of(min(before)), signal.SIGHUP)
        assert {ask(connection)[0] for connection in connections} <= before
        wait_until(lambda: len(workers_of(server) - before) == 2)
        assert not workers_of(server) & before


def test_what_is_loaded_at_the_start_is_no_matter_for_the_collector(site):
    (site.path / "flasky.py").write_text(COLLECTOR)
    with site.serve(FLASKY_WORKER="no") as server:
        assert server.get() == "True True False"
