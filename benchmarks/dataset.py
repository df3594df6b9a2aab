"""The database that a benchmark runs on: made by `flask fake`, or found from last time."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from benchmarks.servers import PROJECT

SIZES = {
    "S": {"users": 1_000, "posts": 10_000, "comments": 30_000, "follows": 50_000},
    "M": {"users": 10_000, "posts": 100_000, "comments": 300_000, "follows": 500_000},
    "L": {"users": 100_000, "posts": 1_000_000, "comments": 3_000_000, "follows": 5_000_000},
}
_NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite", "mysql": "MariaDB"}
FOLDER = PROJECT / "tmp" / "benchmarks"


class Dataset:
    """A database of one of the sizes, at `url` or in a file of our own."""

    def __init__(self, size: str, url: str | None = None):
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.size, self.url = size, url or f"sqlite:///{FOLDER / size}.sqlite"
        driver = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
        parsed = make_url(self.url)
        self._engine = create_engine(
            parsed.set(drivername=driver.get(parsed.drivername, parsed.drivername))
        )
        self.environment = {
            "DATABASE_URL": self.url,
            "FLASK_CONFIG": "production",
            "FLASK_APP": "flasky.py",
            "FLASK_SKIP_DOTENV": "1",
            "SECRET_KEY": "only for this measurement, and for nothing else",
            "FLASKY_BASE_URL": "http://localhost:5000",
            "FLASKY_QUEUE_FILE": str(FOLDER / "queue.sqlite"),
        }

    @property
    def name(self) -> str:
        """Return the name and version of the database, e.g. `PostgreSQL 15.14`."""
        dialect = self._engine.dialect
        with self._engine.connect():
            version = ".".join(map(str, dialect.server_version_info))
        return f"{_NAMES.get(dialect.name, dialect.name)} {version}"

    @property
    def kind(self) -> str:
        return self._engine.dialect.name

    def prepare(self) -> dict:
        """Fill the database unless it is; return who is who in it (benchmarks/cast.py)."""
        self._run("flask", "deploy")
        users = self._count("users")
        if users == 0:
            self._fill()
        elif users < SIZES[self.size]["users"]:
            raise SystemExit(f"{users} users are in this database: too few for size {self.size}.")
        facts = json.loads(self._run("benchmarks.cast"))
        if self.kind == "postgresql":  # what autovacuum would do in a while
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
                session.execute(text("VACUUM ANALYZE"))
        return facts

    def cast(self, act: str):
        return json.loads(self._run("benchmarks.cast", act))

    def _fill(self) -> None:
        size = SIZES[self.size]
        print(f"Filling a database of size {self.size}: {sum(size.values()):,} rows", flush=True)
        start = time.monotonic()
        counts = [word for name, count in size.items() for word in (f"--{name}", str(count))]
        self._run("flask", "fake", *counts, "--seed", "1")
        seconds = time.monotonic() - start
        print(f"  {seconds:.0f} s, {sum(size.values()) / seconds:,.0f} rows a second", flush=True)

    def _count(self, table: str) -> int:
        with self._engine.connect() as connection:
            if not inspect(connection).has_table(table):
                return 0
            return connection.scalar(text(f"SELECT count(*) FROM {table}"))

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=PROJECT,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def log_file(name: str) -> Path:
    return FOLDER / f"{name}.log"
