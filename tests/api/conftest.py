"""A program that talks to the API for somebody."""

from base64 import b64encode

import pytest

from app.api.authentication import recent

PREFIX = "/api/v1"


class Program:
    """Sends requests below /api/v1 with one person's credentials."""

    def __init__(self, browser, authorization: str | None):
        self.browser = browser
        self.headers = {"Authorization": authorization} if authorization else {}

    def open(self, method: str, path: str, headers=None, **kwargs):
        path = path if path.startswith("/api/") else PREFIX + path
        headers = {**self.headers, **(headers or {})}
        return self.browser.open(path, method=method, headers=headers, **kwargs)

    def get(self, path: str, **kwargs):
        return self.open("GET", path, **kwargs)

    def post(self, path: str, **kwargs):
        return self.open("POST", path, **kwargs)

    def put(self, path: str, **kwargs):
        return self.open("PUT", path, **kwargs)

    def delete(self, path: str, **kwargs):
        return self.open("DELETE", path, **kwargs)


def basic(name: str, password: str) -> str:
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture(autouse=True)
def _forgotten_passwords():
    """The process remembers for a minute who was right; the next test has other people."""
    recent.forget()


@pytest.fixture
def program_of(app):
    """Return a program that signs in as somebody with their password, or with a token."""

    def make(user=None, *, password: str = "cat", token: str | None = None) -> Program:
        if token is not None:
            return Program(app.test_client(), f"Bearer {token}")
        return Program(app.test_client(), basic(user.email, password) if user else None)

    return make


@pytest.fixture
def stranger(program_of):
    return program_of()
