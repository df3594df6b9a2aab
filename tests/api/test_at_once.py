"""Requests that arrive at the same moment, at a server of several processes."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from benchmarks.api_conformance import PASSWORD, email_of, server

from .conftest import basic

CONNECTIONS, REQUESTS = 8, 50


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with server(tmp_path_factory.mktemp("site"), workers=2) as address:
        yield urlsplit(address).netloc


def ask(connection, method, path, authorization, body=None, **headers):
    headers |= {"Authorization": authorization, "Content-Type": "application/json"}
    connection.request(method, f"/api/v1{path}", json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


@pytest.fixture
def connection(site):
    with closing(HTTPConnection(site, timeout=60)) as open_connection:
        yield open_connection


def test_fifty_posts_with_one_key_at_once_are_one_post(site, connection):
    password = basic(email_of("User"), PASSWORD)
    _, answer = ask(connection, "POST", "/tokens/", password)
    bearer = f"Bearer {answer['token']}"
    _, before = ask(connection, "GET", "/posts/?per_page=1", bearer)

    def send(count: int) -> list:
        key = {"Idempotency-Key": "the-same"}
        with closing(HTTPConnection(site, timeout=60)) as own:
            return [ask(own, "POST", "/posts/", bearer, {"body": "x"}, **key) for _ in range(count)]

    shares = [len(range(number, REQUESTS, CONNECTIONS)) for number in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = [answer for share in pool.map(send, shares) for answer in share]

    assert len(answers) == REQUESTS
    assert {status for status, _ in answers} == {201}
    assert len({answer["url"] for _, answer in answers}) == 1
    _, after = ask(connection, "GET", "/posts/?per_page=1", bearer)
    assert after["count"] == before["count"] + 1
