"""A backup is of one moment, and what is restored from it is the same."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import DBAPIError

from app.adapters import dumps
from app.care import backup
from app.care.backup import back_up
from app.care.content import content_hash, hashes_of, summarise
from app.care.restore import restore
from app.exceptions import OperationFailed
from app.extensions import db
from app.models import Job
from app.models.rate_limit import RateLimit
from tests.care.conftest import HEAD, SCRIPTS, Shelf

KINDS = ["sqlite", "postgresql", "mariadb"]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "site.backup"


@pytest.fixture
def uploads():
    return Shelf({"pictures/ann-64.webp": b"a picture", "pictures/bob-64.webp": bytes(range(256))})


@pytest.fixture
def site(new_database, fill):
    return fill(new_database("sqlite"))


def save(engine, file, uploads):
    return back_up(file, engine, db.metadata, uploads, SCRIPTS)


def bring_back(engine, file, uploads, **options):
    return restore(file, engine, db.metadata, uploads, **options)


def hash_of(engine, uploads):
    with engine.connect() as connection:
        return content_hash(summarise(connection, db.metadata), hashes_of(uploads))


@pytest.mark.parametrize("kind", KINDS)
def test_a_site_comes_back_the_same_in_a_fresh_place(kind, new_database, fill, file, uploads):
    site, place, shelf = fill(new_database(kind)), new_database(kind), Shelf()
    made = save(site, file, uploads)
    assert bring_back(place, file, shelf) == made
    assert shelf == uploads
    assert hash_of(site, uploads) == hash_of(place, shelf) == made["hash"]
    assert made["tables"]["users"]["rows"] == 3
    assert made["migration"] == HEAD


def test_the_same_content_has_the_same_hash_on_every_database(new_database, fill):
    with time_machine.travel(datetime(2026, 1, 2, 3, 4, 5, 678901, UTC), tick=False):
        hashes = {kind: hash_of(fill(new_database(kind)), Shelf()) for kind in KINDS}
    assert len(set(hashes.values())) == 1, hashes


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_under_writes_is_of_one_moment(kind, new_database, fill, add_pair, file, uploads):
    site, place = fill(new_database(kind), people=200), new_database(kind)
    stop, errors = Event(), []

    def go_on_writing():
        while not stop.is_set():
            try:
                add_pair(site)
            except DBAPIError as error:
                errors.append(error)

    writer = Thread(target=go_on_writing)
    writer.start()
    try:
        while _count(site, Job) < 5:
            pass
        made = save(site, file, uploads)
        after = _count(site, Job)
        while _count(site, Job) < after + 5:  # nobody was stopped for good
            pass
    finally:
        stop.set()
        writer.join()
    assert errors == []
    bring_back(place, file, Shelf())
    pairs = _count(place, RateLimit)
    assert pairs >= 4
    assert _count(place, Job) == pairs + 1
    assert made["tables"]["jobs"]["rows"] == pairs + 1


def _count(engine, model):
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(model.__table__))


# --- What is refused -----------------------------------------------------------------------


def test_only_the_owner_may_read_a_backup(site, file, uploads):
    save(site, file, uploads)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir() if "backup" in path.name] == [file.name]


def test_a_backup_takes_the_place_of_no_file(site, file, uploads):
    file.write_text("an older backup")
    with pytest.raises(OperationFailed, match="exists already"):
        save(site, file, uploads)
    assert file.read_text() == "an older backup"


def test_a_backup_that_fails_leaves_nothing_behind(site, file, uploads, monkeypatch):
    def fail(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_write_uploads", fail)
    before = set(file.parent.iterdir())
    with pytest.raises(OSError, match="No space left"):
        save(site, file, uploads)
    assert set(file.parent.iterdir()) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_that_is_not_empty_is_left_alone(kind, new_database, fill, file, uploads):
    site = fill(new_database(kind))
    save(site, file, uploads)
    before = hash_of(site, uploads)
    with pytest.raises(OperationFailed, match=r"holds rows already \(users, posts\)"):
        bring_back(site, file, uploads)
    assert hash_of(site, uploads) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_that_is_not_empty_is_replaced_when_told(kind, new_database, fill, file, uploads):
    site, other = fill(new_database(kind)), fill(new_database(kind), people=9)
    with other.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE of_a_later_release (id INTEGER PRIMARY KEY)")
    save(site, file, uploads)
    shelf = Shelf({"pictures/eve-64.webp": b"of somebody else"})
    bring_back(other, file, shelf, replace=True)
    assert hash_of(other, shelf) == hash_of(site, uploads)


def test_uploads_that_are_there_are_left_alone_too(site, new_database, file, uploads):
    save(site, file, uploads)
    with pytest.raises(OperationFailed, match="There are uploads already"):
        bring_back(new_database("sqlite"), file, Shelf({"pictures/x.webp": b""}))


def test_a_file_that_is_no_backup(site, file):
    with pytest.raises(OperationFailed, match="cannot be read: No such file"):
        bring_back(site, file, Shelf())
    file.write_text("no zip")
    with pytest.raises(OperationFailed, match="is no backup"):
        bring_back(site, file, Shelf())
    with ZipFile(file, "w") as archive:
        archive.writestr("holiday.jpg", b"")
    with pytest.raises(OperationFailed, match="no manifest"):
        bring_back(site, file, Shelf())


def rewrite(file, change):
    """Write the backup anew, with what `change(name, content)` makes of each member."""
    with ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, change(name, content))


@pytest.mark.parametrize("victim", ["database.sqlite", "uploads/pictures/ann-64.webp"])
def test_a_damaged_backup_is_found_out_before_anything_is_touched(
    site, new_database, fill, file, uploads, victim
):
    save(site, file, uploads)
    rewrite(file, lambda name, content: content[:-1] + b"!" if name == victim else content)
    other = fill(new_database("sqlite"), people=5)
    before = hash_of(other, Shelf())
    with pytest.raises(OperationFailed, match="damaged"):
        bring_back(other, file, Shelf(), replace=True)
    assert hash_of(other, Shelf()) == before


def test_half_a_backup_is_none(site, new_database, file, uploads):
    save(site, file, uploads)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(OperationFailed, match="only the beginning"):
        bring_back(new_database("sqlite"), file, Shelf())


def test_a_result_that_differs_is_told(site, new_database, file, uploads):
    save(site, file, uploads)

    def lie(name, content):
        if name != "manifest.json":
            return content
        manifest = json.loads(content)
        manifest["tables"]["users"]["rows"] = 4
        return json.dumps(manifest)

    rewrite(file, lie)
    with pytest.raises(OperationFailed, match=r"differs from the backup: users \(4 rows, then 3"):
        bring_back(new_database("sqlite"), file, Shelf())


def test_a_backup_of_another_kind_of_database_is_refused(site, file, uploads, monkeypatch):
    save(site, file, uploads)
    rewrite(file, lambda name, content: content.replace(b'"sqlite"', b'"postgresql"'))
    with pytest.raises(OperationFailed, match=r"of postgresql, and .* on sqlite.*db-move"):
        bring_back(site, file, uploads)


def test_no_password_stands_on_a_command_line(tmp_path, monkeypatch):
    """The tools are replaced by one that writes down what it was given, and what it could read."""
    engines = {
        "pg_restore": "postgresql+psycopg://ann:open%20sesame@h:5/x",
        "mariadb": "mysql+pymysql://ann:open%20sesame@h:5/x",
    }
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(dumps, "drop_tables", lambda _engine: None)
    for name, url in engines.items():
        tool = tmp_path / name
        tool.write_text(
            '#!/bin/sh\necho "$@" >"$0.seen"\n'
            'for word in $*; do f=$(echo "$word" | tr -d "\'" | sed "s/.*=//"); case $f in\n'
            '*.cnf|*.pgpass) cat "$f" >"$0.read"; stat -c %a "$f" >>"$0.read";; esac; done\n'
        )
        tool.chmod(0o755)
        seen = Path(f"{tool}.seen")
        (tmp_path / "copy").touch()
        dumps.dump_of(create_engine(url)).load(tmp_path / "copy")
        assert "sesame" not in seen.read_text()
        assert "ann" in seen.read_text() + Path(f"{tool}.read").read_text()
        assert "open sesame" in Path(f"{tool}.read").read_text()
        assert Path(f"{tool}.read").read_text().splitlines()[-1] == "600"


def test_a_tool_that_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(dumps, "drop_tables", lambda _engine: None)
    engine = create_engine("postgresql+psycopg://h/x")
    with pytest.raises(OperationFailed, match="apt-get install postgresql-client"):
        dumps.dump_of(engine).load(tmp_path / "copy")


def test_a_database_in_memory_has_no_copy(file, uploads):
    with pytest.raises(OperationFailed, match="in memory"):
        save(create_engine("sqlite://"), file, uploads)
