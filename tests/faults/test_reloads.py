"""Graceful reloads under load: no request fails (R8)."""

import http.client
import os
import signal
import threading
import time
from pathlib import Path

CLIENTS = 6
PATHS = ("/", "/health/live", "/auth/login", "/site.css")


class Visitors:
    """People who ask for pages without a pause, on connections that they keep."""

    def __init__(self, port: int, requests: int):
        self._port, self._left = port, requests
        self._lock = threading.Lock()
        self.answered, self.failures = 0, []
        self._threads = [threading.Thread(target=self._visit) for _ in range(CLIENTS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception):
        for thread in self._threads:
            thread.join(900)
        assert not any(thread.is_alive() for thread in self._threads)

    @property
    def left(self) -> int:
        return self._left

    def _visit(self) -> None:
        connection = http.client.HTTPConnection("localhost", self._port, timeout=30)
        while (number := self._take()) is not None:
            try:
                self._ask(connection, PATHS[number % len(PATHS)])
            except (OSError, http.client.HTTPException) as error:
                with self._lock:
                    self.failures.append(repr(error))
                connection.close()
        connection.close()

    def _take(self) -> int | None:
        with self._lock:
            self._left -= 1
            return self._left if self._left >= 0 else None

    def _ask(self, connection, path: str) -> None:
        """Ask as a browser does: on a connection that the server has closed meanwhile, once more.

        RFC 9112, 9.5: that is no failure, as the request never reached anybody.
        """
        was_open = connection.sock is not None
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            connection.close()
            if not was_open:
                raise
            connection.request("GET", path)
            answer = connection.getresponse()
        answer.read()
        with self._lock:
            self.answered += 1
            if answer.status != 200:
                self.failures.append(f"{path}: {answer.status}")


def children_of(pid: int) -> set[int]:
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def wait_for(condition, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "the old workers never left"
        time.sleep(0.05)


def test_reloads_drop_no_request(make_site, tmp_path, count, report):
    reloads, requests = count(2, 20), count(300, 10_000)
    site = make_site(f"sqlite:///{tmp_path / 'data.sqlite'}", people=1)
    master = site.processes["web"].pid
    done, began = 0, time.monotonic()
    with Visitors(site.port, requests) as visitors:
        while done < reloads:
            before = children_of(master)
            os.kill(master, signal.SIGHUP)
            # The next one when all workers have been replaced.
            wait_for(lambda old=before: not old & (now := children_of(master)) and len(now) >= 2)
            done += 1
            # The rest of the requests is spread over the rest of the reloads.
            share = requests * (reloads - done) // reloads
            wait_for(lambda share=share: visitors.left <= share or visitors.failures, 300)
    report(
        f"{visitors.answered} answers during {done} reloads in {time.monotonic() - began:.0f} s, "
        f"{len(visitors.failures)} failures"
    )
    assert visitors.failures == []
    assert visitors.answered == requests
    assert "Traceback" not in site.log
