"""Somebody who visits the site over HTTP with a browser's manners: keeps cookies, sends forms."""

import json
import re
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

PASSWORD = "wry otter paints seven lanterns"  # of everybody whom a benchmark adds
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # by lower-case name
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


class Visitor:
    """A connection that keeps its cookies."""

    def __init__(self, port: int):
        self.origin = f"http://localhost:{port}"
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, *, method: str = "GET", body: str | None = None, **headers) -> Answer:
        """Send a request; raises RuntimeError when the site fails over it."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= {"Host": self.origin.removeprefix("http://"), "Origin": self.origin}
        if self.cookies:
            headers["Cookie"] = self.cookie_header()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for text in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: cookie.value for name, cookie in SimpleCookie(text).items()}
        if response.status >= 500:
            raise RuntimeError(f"{path} answered {response.status}")
        names = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, names, response.read())

    def get(self, path: str) -> str:
        return self.ask(path).text

    def csrf_token(self, path: str) -> str:
        """Return the token of the first form at `path`."""
        return _TOKEN.findall(self.get(path))[0]

    def send(self, path: str, **form: str) -> Answer:
        """Fill in the form at `path` and send it."""
        return self.post(path, csrf_token=self.csrf_token(path), **form)

    def post(self, path: str, **form: str) -> Answer:
        kind = "application/x-www-form-urlencoded"
        return self.ask(path, method="POST", body=urlencode(form), Content_Type=kind)

    def log_in(self, email: str, password: str) -> "Visitor":
        if self.send("/auth/login", email=email, password=password).status != 302:
            raise RuntimeError(f"{email} could not log in")
        return self

    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
