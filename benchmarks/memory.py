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
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.servers import PROJECT, serve
from benchmarks.visitor import PASSWORD, Visitor

EMAIL = "adm@example.com"
DATASET = ("--users", "1000", "--posts", "20000", "--comments", "60000", "--follows", "50000")
READ = (
    *("/", "/?page=3", "/?page=900", "/user/adm", "/moderate", "/edit-profile", "/auth/sessions"),
    *("/post/{n}", "/edit/{n}", "/edit-profile/{n}", "/auth/change-password", "/no-such-page"),
    *("/api/v1/posts/", "/api/v1/posts/{n}", "/api/v1/users/{n}/followers/", "/site.css"),
)


def visit(port: int, requests: int) -> None:
    """Log in and send `requests` requests; every twentieth writes something."""
    visitor = Visitor(port).log_in(EMAIL, PASSWORD)
    for number in range(requests):
        place = str(number * 7 % 900 + 1)
        if number % 40 == 10:
            visitor.send("/", body=f"Post *{number}*\n\n```python\nx = {number}\n```")
        elif number % 40 == 30:
            visitor.send(f"/post/{place}", body=f"A comment, number {number}")
        else:
            visitor.get(READ[number % len(READ)].replace("{n}", place))


@contextmanager
def server(folder: Path):
    """Run a worker on a database in `folder`; yield it."""
    environment = {
        "DEV_DATABASE_URL": f"sqlite:///{folder / 'site.sqlite'}",
        "SECRET_KEY": "only for this measurement, and for nothing else",
        "FLASK_APP": "flasky.py",
        "FLASK_SKIP_DOTENV": "1",
        "FLASK_CONFIG": "development",
        "WEB_CONCURRENCY": "1",
    }
    account = (EMAIL, "adm", "--role", "Administrator", "--confirmed", "--password", PASSWORD)
    for command in (("deploy",), ("fake", *DATASET, "--seed", "1"), ("users", "create", *account)):
        command = [sys.executable, "-m", "flask", *command]
        subprocess.run(
            command, cwd=PROJECT, env=os.environ | environment, check=True, capture_output=True
        )
    with serve("flasky:app", folder / "server.log", **environment) as running:
        yield running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    each = options.requests // options.threads
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as site:
        Visitor(site.port).get("/")
        print(f"after the first request: {site.memory():.1f} MB", flush=True)
        with ThreadPoolExecutor(options.threads) as pool:
            for visitor in [pool.submit(visit, site.port, each) for _ in range(options.threads)]:
                visitor.result()
        print(f"after {each * options.threads} requests: {site.memory():.1f} MB")


if __name__ == "__main__":
    main()
