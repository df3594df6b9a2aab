"""Does a site come back the same from a backup, on each database? And how long does it take?

    python -m benchmarks.backup                 200 posts and 50 uploads
    python -m benchmarks.backup --posts 10000 --uploads 2000
    python -m benchmarks.backup --postgresql URL --mariadb URL

Makes a site on SQLite, moves it to the other databases, backs it up on each of them and restores
it in a fresh place. Prints the seconds and the content hashes, and exits with 1 unless all hashes
are the same. The servers need a user who may create databases; without URLs only SQLite is asked.
"""

import argparse
import secrets
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from app import create_app, fake
from app.adapters.storage import LocalStorage
from app.care.backup import back_up
from app.care.content import content_hash, hashes_of, summarise
from app.care.move import move
from app.care.restore import restore
from app.extensions import db
from app.models import Role
from config import TestingConfig


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        folder = Path(folder)
        TestingConfig.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder}/site.sqlite"
        app = create_app("testing")
        stack.enter_context(app.app_context())
        scripts = app.extensions["migrate"].directory
        uploads = LocalStorage(folder / "uploads")
        with timed("make the site"):
            upgrade(directory=scripts)
            fill(arguments.posts, arguments.uploads, uploads)
        engines = {"sqlite": db.engine}
        for kind in ("postgresql", "mariadb"):
            if server := getattr(arguments, kind):
                engine = stack.enter_context(new_database(server))
                with timed(f"move to {kind}"):
                    move(db.engine, engine.url, db.metadata, scripts)
                engines[kind] = engine
        hashes = set()
        for kind, engine in engines.items():
            fresh = stack.enter_context(fresh_place(kind, arguments, folder))
            hashes |= there_and_back(kind, engine, fresh, uploads, folder, scripts)
    if len(hashes) != 1:
        sys.exit(f"The contents differ: {hashes}")
    print(f"The same content everywhere: {hashes.pop()}")


def there_and_back(kind, engine, fresh, uploads, folder: Path, scripts: str) -> set[str]:
    """Back up, restore elsewhere; return the hashes of both sides and of the manifest."""
    file, shelf = folder / f"{kind}.backup", LocalStorage(folder / f"uploads-{kind}")
    with timed(f"back up {kind}"):
        manifest = back_up(file, engine, db.metadata, uploads, scripts)
    with timed(f"restore {kind}, and compare"):
        restore(file, fresh, db.metadata, shelf)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    print(
        f"{kind}: {rows:,} rows, {len(manifest['uploads']):,} uploads, "
        f"{file.stat().st_size / 1e6:.1f} MB, {manifest['hash'][:16]}…"
    )
    hashes = {manifest["hash"]}
    for place, files in ((engine, uploads), (fresh, shelf)):
        with place.connect() as connection:
            hashes.add(content_hash(summarise(connection, db.metadata), hashes_of(files)))
    return hashes


def fill(posts: int, files: int, uploads) -> None:
    Role.insert_roles()
    fake.users(max(10, posts // 50))
    fake.posts(posts)
    fake.comments(posts // 2)
    fake.follows(posts // 10)
    db.session.commit()
    for _ in range(files):
        uploads.save(f"pictures/{uuid4().hex}-256.webp", secrets.token_bytes(20_000))


@contextmanager
def timed(what: str):
    begin = time.perf_counter()
    yield
    print(f"{time.perf_counter() - begin:7.2f} s  {what}", flush=True)


@contextmanager
def new_database(server: str):
    """Make a database beside the one at `server`; give an engine for it, and drop it again."""
    url, name = make_url(server), f"flasky_benchmark_{uuid4().hex[:8]}"
    administration = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine = create_engine(url.set(database=name), poolclass=NullPool)
    try:
        yield engine
    finally:
        force = " WITH (FORCE)" if url.get_backend_name() == "postgresql" else ""
        with administration.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name}{force}")


@contextmanager
def fresh_place(kind: str, arguments, folder: Path):
    if kind == "sqlite":
        yield create_engine(f"sqlite:///{folder}/fresh.sqlite", poolclass=NullPool)
        return
    with new_database(getattr(arguments, kind)) as engine:
        yield engine


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--uploads", type=int, default=50)
    parser.add_argument("--postgresql", help="postgresql+psycopg://user@host/postgres")
    parser.add_argument("--mariadb", help="mysql+pymysql://user@host/mysql?charset=utf8mb4")
    return parser.parse_args()


if __name__ == "__main__":
    main()
