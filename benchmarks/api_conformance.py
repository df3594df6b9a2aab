"""Does the API keep to its own description? Invented requests against a running server.

    python -m benchmarks.api_conformance --examples 5000

starts a server on a database of its own and lets schemathesis, with every check on, send at least
that many requests as a user, as a moderator and as an administrator. Some requests delete the
account or change its password; before each request the server puts it back as it was.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import update

from app import create_app
from app.extensions import db
from app.fake import posts, users
from app.models import Comment, Post, Role, User

PROJECT = Path(__file__).resolve().parents[1]
ROLES = ("User", "Moderator", "Administrator")
PASSWORD = "a horse that is correct"
_FIRST_ID = 1_000_000  # out of reach for numbers that are made up
# schemathesis counts examples for each operation, and adds boundaries and sequences of its own.
_REQUESTS_PER_EXAMPLE = 65


def email_of(role: str) -> str:
    return f"{role.lower()}@example.com"


def fill(app: Flask) -> None:
    """Make the people who ask, and something to ask for."""
    with app.app_context():
        db.create_all()
        Role.insert_roles()
        users(5)
        posts(50)
        for number, role in enumerate(ROLES):
            values = {"email": email_of(role), "password": PASSWORD, "role": Role.named(role)}
            person = User(id=_FIRST_ID + number, username=f"the.{role}", confirmed=True, **values)
            db.session.add(person)
        db.session.flush()
        for post in db.session.scalars(db.select(Post).limit(20)):
            db.session.add(Comment(body="A *comment*", post_id=post.id, author_id=_FIRST_ID))
        db.session.commit()


def serve() -> Flask:
    """The application for gunicorn; see the top of this file."""
    app = create_app("development")
    app.config["RATELIMIT_ENABLED"] = False
    app.config["FLASKY_JOBS_AT_ONCE"] = False
    with app.app_context():
        columns = ("id", "username", "username_key", "email", "password_hash", "role_id")
        columns = (*columns, "confirmed")
        table = User.__table__
        rows = db.session.execute(db.select(*(table.c[name] for name in columns)))
        people = [row._asdict() for row in rows if row.id >= _FIRST_ID]
        db.session.rollback()

    def put_back() -> None:
        with db.engine.begin() as connection:
            for person in people:
                row = table.c.id == person["id"]
                same = [table.c[name] == value for name, value in person.items()]
                if connection.scalar(db.select(table.c.id).where(*same)) is None:
                    if connection.scalar(db.select(table.c.id).where(row)) is None:
                        connection.execute(table.insert().values(**person))
                    connection.execute(update(table).where(row).values(**person))

    app.before_request_funcs.setdefault(None, []).insert(0, put_back)
    return app


@contextmanager
def server(folder: Path, *, application: str = "benchmarks.api_conformance:serve()", workers=1):
    """Run gunicorn on a database in `folder`, filled; yield the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "DEV_DATABASE_URL": f"sqlite:///{folder / 'api.sqlite'}",
        "FLASKY_QUEUE_FILE": str(folder / "queue.sqlite"),
        "FLASK_CONFIG": "development",
        "FLASK_SKIP_DOTENV": "1",
    }
    environment = {**os.environ, **settings}
    fill_database = "from benchmarks.api_conformance import *; fill(create_app('development'))"
    subprocess.run([sys.executable, "-c", fill_database], cwd=PROJECT, env=environment, check=True)
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--threads", "8", "--no-control-socket", application]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    else:
        raise RuntimeError("The server did not start.")
    # The description is put together when somebody asks for it first.
    with urlopen(f"http://127.0.0.1:{port}/api/v1/openapi.json", timeout=120) as description:
        description.read()


def check(
    address: str, role: str, examples: int, folder: Path, *more: str
) -> subprocess.CompletedProcess:
    """Send at least `examples` requests as somebody with this role; `more` are further options."""
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(PROJECT / "benchmarks/schemathesis.toml")),
        *("run", f"{address}/api/v1/openapi.json"),
        *("--auth", f"{email_of(role)}:{PASSWORD}"),
        *("--checks", "all", "--continue-on-failure", "--workers", "2", "--no-color"),
        *("--max-examples", str(max(1, examples // _REQUESTS_PER_EXAMPLE))),
        *("--suppress-health-check", "all", "--seed", "1"),
        *("--request-timeout", "60"),
        *more,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def cases_of(output: str) -> int:
    """Return how many requests schemathesis says it made up."""
    found = re.search(r"(\d[\d,]*) generated", output)
    return int(found.group(1).replace(",", "")) if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=5000)
    parser.add_argument("--role", choices=ROLES, action="append")
    options = parser.parse_args()
    failed = 0
    for role in options.role or ROLES:
        with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as address:
            done = check(address, role, options.examples, Path(folder))
            cases = cases_of(done.stdout)
            print(f"As {role}: {cases} cases, exit status {done.returncode}", flush=True)
            if done.returncode or cases < options.examples:
                failed += 1
                print(done.stdout, done.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
