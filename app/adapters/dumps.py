"""Copies of whole databases, each by the means of its own maker.

`dump` writes the copy and gives a connection that sees exactly what the copy holds, however much
is written meanwhile. Passwords travel in a file that only we can read: what stands on a
command line, every user of the machine can see.
"""

import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from ..exceptions import OperationFailed


def dump_of(engine: Engine):
    """Return what copies the database of this engine."""
    kinds = {"sqlite": SqliteDump, "postgresql": PostgresqlDump}
    return kinds.get(engine.dialect.name, MariadbDump)(engine)


class SqliteDump:
    """The online backup API: readers and writers of the database go on meanwhile."""

    member = "database.sqlite"

    def __init__(self, engine: Engine):
        self._engine = engine
        self._path = engine.url.database
        if self._path in (None, "", ":memory:"):
            raise OperationFailed("A database in memory ends with its process; there is no copy.")

    @contextmanager
    def dump(self, path: Path) -> Iterator[Connection]:
        if not Path(self._path).is_file():
            raise OperationFailed(f"There is no database at {self._path}.")
        _copy_sqlite(self._path, path)
        with self.reading(path) as connection:
            yield connection
        with _sqlite(path) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with no others beside it

    @contextmanager
    def reading(self, path: Path) -> Iterator[Connection]:
        """Give a connection to a copy."""
        engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def load(self, path: Path) -> None:
        """Put the copy in the place of all there is, in one transaction."""
        with _sqlite(path) as copy:
            (problem,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if problem != "ok":
            raise OperationFailed(f"The copy of the database is damaged: {problem}")
        _copy_sqlite(path, self._path)


@contextmanager
def _sqlite(path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def _copy_sqlite(source, target) -> None:
    with _sqlite(source) as old, _sqlite(target) as new:
        # All pages in one step: a copy in steps begins anew whenever somebody writes.
        old.backup(new, pages=-1)


class PostgresqlDump:
    """pg_dump and pg_restore, in the format that both are best at."""

    member = "database.dump"

    def __init__(self, engine: Engine):
        self._engine = engine
        _, arguments = engine.dialect.create_connect_args(engine.url)
        password = arguments.pop("password", None)
        names = {"host", "port", "user", "dbname"} | set(engine.url.query)
        where = {k: v for k, v in arguments.items() if k in names and k != "context"}
        self._where, self._password = where, password

    @contextmanager
    def dump(self, path: Path) -> Iterator[Connection]:
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with engine.connect() as connection:
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.execute(text(f"SET LOCAL {limit} = 0"))
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            self._run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={path}")
            yield connection

    def load(self, path: Path) -> None:
        """Put the copy in the place of all tables that there are."""
        drop_tables(self._engine)
        self._run("pg_restore", "--single-transaction", "--exit-on-error", path)

    def _run(self, tool: str, *options) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".pgpass") as passwords:
            passwords.write(f"*:*:*:*:{_in_pgpass(self._password or '')}\n")
            passwords.flush()
            where = self._where | {"passfile": passwords.name}
            address = " ".join(f"{key}={_quoted(value)}" for key, value in where.items())
            shared = ("--no-owner", "--no-privileges", "--no-password", f"--dbname={address}")
            _run([_found(tool), *shared, *options])


def _in_pgpass(password: str) -> str:
    return password.replace("\\", "\\\\").replace(":", "\\:")


def _quoted(value) -> str:
    """Return `value` as libpq's connection strings take it."""
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


class MariadbDump:
    """mariadb-dump and mariadb, or the programs of the same use that come with MySQL."""

    member = "database.sql"

    def __init__(self, engine: Engine):
        self._engine = engine

    @contextmanager
    def dump(self, path: Path) -> Iterator[Connection]:
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with self._options() as options, engine.connect() as connection:
            tool = [_found("mariadb-dump", "mysqldump"), options, "--single-transaction"]
            tool += ["--quick", "--skip-lock-tables", "--hex-blob", f"--result-file={path}"]
            tool += ["--default-character-set=utf8mb4", "--no-tablespaces"]
            # Both look at the same moment: nobody writes until both have begun to read.
            path.touch()
            with self._nobody_writes():
                connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT")
                process = subprocess.Popen(  # noqa: S603 - a tool and options of ours
                    [*tool, self._engine.url.database], stderr=subprocess.PIPE, text=True
                )
                _wait_for_first_line(process, path)
            _finish(process)
            yield connection

    @contextmanager
    def _nobody_writes(self) -> Iterator[None]:
        quote = self._engine.dialect.identifier_preparer.quote
        with self._engine.connect() as connection:
            names = inspect(connection).get_table_names()
            connection.exec_driver_sql("SET SESSION lock_wait_timeout = 30")
            if names:
                locks = ", ".join(f"{quote(name)} READ" for name in names)
                connection.exec_driver_sql(f"LOCK TABLES {locks}")
            try:
                yield
            finally:
                connection.exec_driver_sql("UNLOCK TABLES")
                connection.invalidate()  # its patience was shortened; nobody else gets it

    def load(self, path: Path) -> None:
        """Put the copy in the place of all tables that there are."""
        drop_tables(self._engine)
        with self._options() as options, path.open("rb") as statements:
            command = [_found("mariadb", "mysql"), options, "--default-character-set=utf8mb4"]
            _run([*command, self._engine.url.database], stdin=statements)

    @contextmanager
    def _options(self) -> Iterator[str]:
        """Write down where the server is, and who we are, for nobody else to read."""
        url = self._engine.url
        given = {"host": url.host, "port": url.port, "user": url.username}
        given |= {"password": url.password, "socket": url.query.get("unix_socket")}
        given |= {"ssl-ca": url.query.get("ssl_ca")}
        with tempfile.NamedTemporaryFile("w", suffix=".cnf") as file:
            lines = [f"{key}={_in_options(value)}" for key, value in given.items() if value]
            file.write("\n".join(["[client]", *lines, ""]))
            file.flush()
            yield f"--defaults-extra-file={file.name}"


def _in_options(value) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _wait_for_first_line(process: subprocess.Popen, path: Path) -> None:
    """Wait until the program has written of a table, or has ended: then it has its snapshot."""
    while process.poll() is None:
        with path.open("rb") as file:
            if b"CREATE TABLE" in file.read(64 * 1024):
                return
        time.sleep(0.01)


def _found(*names: str) -> str:
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        package = "postgresql-client" if names[0].startswith("pg_") else "mariadb-client"
        raise OperationFailed(
            f"The program {names[0]} is not installed. On Debian and Ubuntu: apt-get install "
            + package
        )
    return path


def _run(command: list, **streams) -> None:
    _finish(
        subprocess.Popen(  # noqa: S603 - a tool and options of ours
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **streams
        )
    )


def _finish(process: subprocess.Popen) -> None:
    _, errors = process.communicate()
    if process.returncode:
        lines = [line for line in errors.splitlines() if line.strip()] or ["it did not say why"]
        name = Path(process.args[0]).name
        raise OperationFailed(f"{name} failed: {' / '.join(lines[:3])}")


def drop_tables(engine: Engine) -> None:
    """Remove every table of the database, whoever made it."""
    everything = MetaData()
    with engine.begin() as connection:
        everything.reflect(connection)
        everything.drop_all(connection)
