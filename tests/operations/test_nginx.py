"""deploy/nginx.conf: nginx understands it, and passes on what it should, as it should."""

import http.client
import json
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.web.pictures import MOST_BYTES_SENT
from tests.operations.proxy import Nginx
from tests.operations.site import PROJECT


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that reached it and the length of the body."""

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        received = {"headers": dict(self.headers), "length": len(self.rfile.read(length))}
        body = json.dumps(received).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_arguments):
        pass


@pytest.fixture(scope="module")
def nginx(tmp_path_factory):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with Nginx(tmp_path_factory.mktemp("nginx"), server.server_port) as nginx:
            yield nginx
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(nginx, method, path, body=None, **headers):
    with closing(nginx.open()) as connection:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer, answer.read()


def test_nginx_understands_the_configuration(nginx):
    said = nginx.check()
    assert said.returncode == 0, said.stderr


def test_nobody_pretends_to_be_somebody_else(nginx):
    _, body = ask(
        nginx, "GET", "/",
        X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="http", X_Forwarded_Host="evil.example",
        X_Forwarded_Port="1", X_Forwarded_Prefix="/evil", Forwarded="for=6.6.6.6",
        X_Request_ID="mine",
    )  # fmt: skip
    received = json.loads(body)["headers"]
    assert received["X-Forwarded-For"] == "127.0.0.1"
    assert received["X-Forwarded-Proto"] == "https"
    assert received["X-Forwarded-Host"] == "localhost"
    assert received["Host"] == "localhost"
    assert len(received["X-Request-ID"]) == 32
    assert not {"Forwarded", "X-Forwarded-Port", "X-Forwarded-Prefix"} & received.keys()


def test_a_picture_gets_through_and_nothing_larger(nginx):
    _, body = ask(nginx, "POST", "/edit-profile", bytes(MOST_BYTES_SENT))
    assert json.loads(body)["length"] == MOST_BYTES_SENT
    answer, _ = ask(nginx, "POST", "/edit-profile", bytes(MOST_BYTES_SENT + 1))
    assert answer.status == 413


def test_static_files_come_from_nginx_and_may_be_kept_for_a_year(nginx):
    answer, body = ask(nginx, "GET", "/static/favicon.svg?v=1")
    assert body == (PROJECT / "app/static/favicon.svg").read_bytes()
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "max-age=31536000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("way", ["/static/../", "/static..%2f", "/static../"])
def test_nothing_beside_the_static_files_is_sent(nginx, way):
    _, body = ask(nginx, "GET", f"{way}config.py")
    assert b"SECRET_KEY" not in body


def test_figures_are_for_the_inside(nginx):
    assert ask(nginx, "GET", "/metrics")[0].status == 404


def test_plain_http_leads_to_https_under_our_own_name(nginx):
    with closing(http.client.HTTPConnection("localhost", nginx.plain_port)) as connection:
        connection.request("GET", "/user/ann?page=2", headers={"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, answer.headers["Location"]) == (
            301,
            "https://localhost/user/ann?page=2",
        )


def test_a_name_that_we_do_not_know_gets_no_answer(nginx):
    with closing(http.client.HTTPConnection("127.0.0.1", nginx.plain_port)) as connection:
        connection.request("GET", "/", headers={"Host": "evil.example"})
        with pytest.raises(http.client.RemoteDisconnected):
            connection.getresponse()
