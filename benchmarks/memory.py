"""How much memory does a web worker hold after many requests?

    python -m benchmarks.memory --requests 2000

starts one worker of gunicorn, as deploy/gunicorn.conf.py has it, on a database of its own with
1,000 people and 20,000 posts, and asks it for pages as an administrator who has logged in: lists,
posts, profiles, forms, the API, and posts and comments that are written. The figure is the resident
memory of the worker in MB; at most 120 are meant to do. Which packages are installed matters:
Huey and SQLAlchemy load drivers that are there, so measure with those of the site.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

PROJECT = Path(__file__).resolve().parents[1]
EMAIL, PASSWORD = "adm@example.com", "wry otter paints seven lanterns"
DATASET = ("--users", "1000", "--posts", "20000", "--comments", "60000", "--follows", "50000")
READ = (
    *("/", "/?page=3", "/?page=900", "/user/adm", "/moderate", "/edit-profile", "/auth/sessions"),
    *("/post/{n}", "/edit/{n}", "/edit-profile/{n}", "/auth/change-password", "/no-such-page"),
    *("/api/v1/posts/", "/api/v1/posts/{n}", "/api/v1/users/{n}/followers/", "/site.css"),
)
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """A connection that keeps its cookies."""

    def __init__(self, port: int):
        self.origin = f"http://localhost:{port}"
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, **form: str) -> str:
        headers = {"Host": self.origin.removeprefix("http://"), "Origin": self.origin}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request("POST" if form else "GET", path, urlencode(form) or None, headers)
        answer = self.connection.getresponse()
        for text in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: cookie.value for name, cookie in SimpleCookie(text).items()}
        if answer.status >= 500:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer.read().decode()

    def send(self, path: str, **form: str) -> None:
        (token, *_) = _TOKEN.findall(self.ask(path))
        self.ask(path, csrf_token=token, **form)


def visit(port: int, requests: int) -> None:
    """Log in and send `requests` requests; every twentieth writes something."""
    visitor = Visitor(port)
    visitor.send("/auth/login", email=EMAIL, password=PASSWORD)
    for number in range(requests):
        place = str(number * 7 % 900 + 1)
        if number % 40 == 10:
            visitor.send("/", body=f"Post *{number}*\n\n```python\nx = {number}\n```")
        elif number % 40 == 30:
            visitor.send(f"/post/{place}", body=f"A comment, number {number}")
        else:
            visitor.ask(READ[number % len(READ)].replace("{n}", place))


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def only_child(pid: int) -> int:
    """Return the process that `pid` has started."""
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


@contextmanager
def server(folder: Path):
    """Run a worker on a database in `folder`; yield its port and its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DEV_DATABASE_URL": f"sqlite:///{folder / 'site.sqlite'}",
        "FLASKY_QUEUE_FILE": str(folder / "queue.sqlite"),
        "FLASKY_BASE_URL": f"http://localhost:{port}",
        "SECRET_KEY": "only for this measurement, and for nothing else",
        "FLASK_APP": "flasky.py",
        "FLASK_SKIP_DOTENV": "1",
        "FLASK_CONFIG": "development",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "HOST": "127.0.0.1",
    }
    account = (EMAIL, "adm", "--role", "Administrator", "--confirmed", "--password", PASSWORD)
    for command in (("deploy",), ("fake", *DATASET, "--seed", "1"), ("users", "create", *account)):
        command = [sys.executable, "-m", "flask", *command]
        subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "flasky:app"], cwd=PROJECT, env=environment, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + 60
        while "Booting worker" not in (folder / "server.log").read_text():
            if time.monotonic() > deadline:
                raise RuntimeError("The server did not start.")
            time.sleep(0.1)
        yield port, only_child(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    each = options.requests // options.threads
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (port, worker):
        Visitor(port).ask("/")
        print(f"after the first request: {resident(worker):.1f} MB", flush=True)
        with ThreadPoolExecutor(options.threads) as pool:
            for visitor in [pool.submit(visit, port, each) for _ in range(options.threads)]:
                visitor.result()
        print(f"after {each * options.threads} requests: {resident(worker):.1f} MB")


if __name__ == "__main__":
    main()
