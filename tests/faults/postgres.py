"""A PostgreSQL of our own on loopback, with a streaming replica, in a temporary directory."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.operations.site import free_port

_SETTINGS = """
listen_addresses = '127.0.0.1'
shared_buffers = 16MB
max_connections = 60
fsync = off
hot_standby = on
wal_level = replica
max_wal_senders = 4
"""


def find_binaries() -> Path | None:
    """Return where initdb and its kin are; Debian keeps them out of PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_basebackup"))
    found = str(versions[-1]) if versions else shutil.which("pg_basebackup")
    return Path(found).parent if found else None


class Cluster:
    """One server. It refuses to run as root, so it runs as `postgres` where we are root."""

    def __init__(self, binaries: Path, folder: Path):
        self._binaries, self._folder = binaries, folder
        self._data = folder / "data"
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def create(self, settings: str = "") -> "Cluster":
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "postgres", "-E", "UTF8")
        self._configure(settings)
        return self

    def copy(self, primary: "Cluster", settings: str = "") -> "Cluster":
        """Become a streaming replica of `primary`."""
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        self._run("pg_basebackup", "-D", self._data, "-R", "-X", "stream", "-d", source)
        self._configure(settings)
        return self

    def _configure(self, settings: str) -> None:
        lines = f"{_SETTINGS}{settings}\nport = {self.port}\n"
        lines += f"unix_socket_directories = '{self._folder}'\n"
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(lines)

    def start(self) -> "Cluster":
        log = self._folder / "server.log"
        self._run("pg_ctl", "start", "-w", "-t", "30", "-D", self._data, "-l", log)
        return self

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-t", "30", "-m", "immediate", "-D", self._data)

    def promote(self) -> None:
        self._run("pg_ctl", "promote", "-w", "-t", "30", "-D", self._data)

    def change(self, **settings: str) -> None:
        for name, value in settings.items():
            self.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.ask("SELECT pg_reload_conf()")

    def ask(self, statement: str):
        """Run one statement and return its first value, if it has one."""
        url = self.url.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None

    def wait_for(self, statement: str, patience: float = 30) -> None:
        """Wait until `statement` gives true."""
        deadline = time.monotonic() + patience
        while not self.ask(statement):
            assert time.monotonic() < deadline, statement
            time.sleep(0.05)

    def _run(self, program: str, *arguments) -> None:
        user = {"user": "postgres", "group": "postgres", "extra_groups": ()}
        done = subprocess.run(
            [self._binaries / program, *map(str, arguments)],
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server keeps it open
            stderr=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            timeout=60,
            **(user if os.geteuid() == 0 else {}),
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"


def new_folder() -> Path:
    """Make a directory that the user of the server may enter; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="flasky-pg-"))
    if os.geteuid() == 0:
        postgres = pwd.getpwnam("postgres")
        os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    return folder
