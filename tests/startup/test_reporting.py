"""Errors are reported where SENTRY_DSN says, and without the people they happened to."""

import gzip
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread

import brotli
import pytest
from flask import request

sentry_sdk = pytest.importorskip("sentry_sdk")

PEOPLE = ("ann@example.com", "hush-hush", "192.0.2.77", "ann-the-visitor", "secret-token")


class Receiver(ThreadingHTTPServer):
    """Keeps the envelopes that it is sent."""

    def __init__(self):
        self.envelopes = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def dsn(self):
        return f"http://key@127.0.0.1:{self.server_port}/1"

    @property
    def events(self):
        """The reports: of an envelope, the lines that follow a header of the type event."""
        found = []
        for envelope in self.envelopes:
            lines = envelope.decode().splitlines()
            for header, item in pairwise(lines):
                if '"type":"event"' in header.replace(" ", ""):
                    found.append(json.loads(item))
        return found


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
        self.server.envelopes.append(unpack[self.headers["Content-Encoding"]](body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    sentry_sdk.get_client().close(timeout=2)
    sentry_sdk.get_global_scope().set_client(None)
    server.shutdown()
    server.server_close()


@pytest.fixture
def broken_app(make_app, receiver):
    app = make_app(SENTRY_DSN=receiver.dsn, PROPAGATE_EXCEPTIONS=False)

    def fail(token):
        password = request.form["password"]
        raise LookupError(f"nothing for {len(password)} characters")

    app.add_url_rule("/broken/<token>", view_func=fail, methods=["GET", "POST"])
    app.config["FLASKY_PROXY_HOPS"] = 0
    return app


def test_a_fault_is_reported_once_and_without_people(broken_app, receiver):
    client = broken_app.test_client()
    client.set_cookie("session", "secret-token")
    answer = client.post(
        "/broken/secret-token?email=ann@example.com",
        data={"password": "hush-hush", "email": "ann@example.com"},
        headers={"Authorization": "Bearer secret-token", "User-Agent": "ann-the-visitor"},
        environ_base={"REMOTE_ADDR": "192.0.2.77"},
    )
    assert answer.status_code == 500
    sentry_sdk.flush(timeout=5)
    (event,) = receiver.events
    assert event["exception"]["values"][-1]["type"] == "LookupError"
    assert event["request"] == {"method": "POST", "url": "/broken/<token>"}
    assert event["tags"]["request_id"] == answer.headers["X-Request-ID"]
    everything = b"".join(receiver.envelopes).decode()
    assert [who for who in PEOPLE if who in everything] == []


def test_what_the_worker_could_not_do_is_reported(broken_app, receiver):
    with broken_app.app_context():
        try:
            raise ValueError("a fault of ours")
        except ValueError as error:
            broken_app.logger.error("Job %d failed.", 7, exc_info=error)
    sentry_sdk.flush(timeout=5)
    (event,) = receiver.events
    assert event["exception"]["values"][-1]["value"] == "a fault of ours"


def test_nothing_is_reported_unless_it_is_asked_for(make_app, receiver):
    app = make_app(SENTRY_DSN=None, PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/fault", view_func=lambda: 1 / 0)
    app.test_client().get("/fault")
    sentry_sdk.flush(timeout=1)
    assert receiver.envelopes == []


def test_an_address_that_is_none_is_refused(make_app):
    with pytest.raises(RuntimeError, match="SENTRY_DSN is not an address such as"):
        make_app(SENTRY_DSN="nonsense")
