"""What a load came to, read from what the program that made it says."""

import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks import load
from benchmarks.load import Request, Sender, parse_wrk, summarize

needs_wrk = pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")

REPORT = """Running 5s test @ http://127.0.0.1:5000/
  2 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.43ms  808.03us  20.54ms   94.44%
    Req/Sec     2.85k   353.53     3.37k    74.00%
  Latency Distribution
     50%  {p50}
     75%    1.60ms
     90%    1.99ms
     99%  {p99}
  28376 requests in 5.00s, 550.36MB read
{more}Requests/sec:   5674.60
Transfer/sec:    110.06MB
"""


def report(p50="1.30ms", p99="3.50ms", more=""):
    return REPORT.format(p50=p50, p99=p99, more=more)


def test_the_report_of_wrk_is_read():
    found = parse_wrk(report())
    assert (found.per_second, found.requests, found.errors) == (5674.60, 28376, 0)
    assert (found.p50, found.p99) == (1.3, 3.5)


@pytest.mark.parametrize(
    ("shown", "milliseconds"),
    [("412.00us", 0.412), ("1.30ms", 1.3), ("2.05s", 2050), ("1.50m", 90_000)],
)
def test_times_come_in_whatever_unit_fits(shown, milliseconds):
    assert parse_wrk(report(p99=shown)).p99 == pytest.approx(milliseconds)


def test_errors_of_both_kinds_are_counted():
    more = "  Socket errors: connect 1, read 20, write 3, timeout 0\n"
    more += "  Non-2xx or 3xx responses: 100\n"
    assert parse_wrk(report(more=more)).errors == 124


@pytest.mark.parametrize("text", ["", "unable to connect", report().replace("Requests/sec", "")])
def test_what_is_no_report_is_refused(text):
    with pytest.raises(ValueError, match="no report"):
        parse_wrk(text)


def test_a_report_without_percentiles_is_refused():
    with pytest.raises(ValueError, match="percentile"):
        parse_wrk(report(p99="none"))


def test_times_of_our_own_client_are_summed_up():
    found = summarize([0.001] * 98 + [0.005, 0.009], errors=1, seconds=2)
    assert (found.per_second, found.p50, found.requests, found.errors) == (50, 1, 100, 1)
    assert found.p99 == 9


def _pass_over_who_left(*_about):
    if not isinstance(sys.exception(), ConnectionError):  # wrk leaves when its time is up
        raise


@pytest.fixture
def server():
    seen, paths = [], []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            seen.append(f"{self.headers['Cookie'] or ''}{text}")
            paths.append(self.path)
            self.send_response(404 if self.path == "/missing" else 302)
            self.send_header("Location", "/nowhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = _pass_over_who_left
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen, paths
    server.shutdown()
    thread.join()
    server.server_close()


def test_without_wrk_every_form_gets_a_mark_of_its_own(server, monkeypatch):
    url, seen, _paths = server
    monkeypatch.setattr(load.shutil, "which", lambda _name: None)
    found = load.load(Request(url, body="body=x&submission={submission}"), 0.05)
    assert load.client() == "urllib3"
    assert found.requests == len(seen) == len(set(seen)) > 0
    assert found.errors == 0
    assert all(len(text.rpartition("=")[2]) == 36 for text in seen)


CLIENTS = ["urllib3", pytest.param("wrk", marks=needs_wrk)]


def test_each_sender_asks_at_least_once_however_little_time_there_is(server, monkeypatch):
    url, _, paths = server
    monkeypatch.setattr(load.shutil, "which", lambda _name: None)
    senders = tuple(Sender(f"session={name}", "", f"/{name}") for name in "abcdefgh")
    assert load.load(Request(url, body="x", senders=senders), 1e-9).requests == len(senders)
    assert sorted(paths) == [f"/{name}" for name in "abcdefgh"]


@pytest.mark.parametrize("client", CLIENTS)
def test_those_who_send_take_turns_each_with_their_own_token(server, monkeypatch, client):
    url, seen, paths = server
    if client == "urllib3":
        monkeypatch.setattr(load.shutil, "which", lambda _name: None)
    senders = tuple(
        Sender(f"session={name}; theme=dark", f"to-ken.{name}", f"/{name}") for name in "abcdefgh"
    )
    body = "token={token}&submission={submission}"
    found = load.load(Request(url, body=body, senders=senders), 0.05)
    assert load.client() == client
    assert found.requests > 0
    marks = set()
    for text, path in zip(seen, paths, strict=True):
        cookie, _, rest = text.partition("; theme=dark")
        token, _, mark = rest.partition("&submission=")
        name = path.removeprefix("/")
        assert (cookie, token) == (f"session={name}", f"token=to-ken.{name}")
        marks.add(mark)
    assert len(marks) == len(seen) >= found.requests
    assert len({text[:9] for text in seen}) == len(senders)


def test_without_wrk_a_refusal_is_an_error(server, monkeypatch):
    url, _seen, _paths = server
    monkeypatch.setattr(load.shutil, "which", lambda _name: None)
    found = load.load(Request(f"{url}/missing", body=""), 0.05)
    assert found.errors == found.requests > 0
