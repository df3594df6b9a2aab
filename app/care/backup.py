"""A whole site in one file: a zip of the database, the uploads and a manifest.

The manifest says what is inside: the migration, rows and hashes of the tables, hashes of all
files. Whatever is restored is held against it.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sqlalchemy import Engine, MetaData

from ..adapters.dumps import dump_of
from ..exceptions import OperationFailed
from ..lib.clock import utcnow
from ..queries.condition import release
from .content import content_hash, summarise
from .progress import Progress, silently

FORMAT = 1
MANIFEST, UPLOADS = "manifest.json", "uploads/"


def back_up(
    path: Path,
    engine: Engine,
    metadata: MetaData,
    uploads,
    scripts: str,
    *,
    progress: Progress = silently,
) -> dict:
    """Write everything to the new file `path`, which only its owner may read.

    `uploads` is a storage; `scripts` the folder of the migrations. People may go on writing: the
    file holds the database as it was at one moment, and every upload that belongs to it. Returns
    the manifest.
    """
    with (
        _new_file(path) as file,
        tempfile.TemporaryDirectory(dir=path.parent) as folder,
        ZipFile(file, "w", ZIP_DEFLATED) as archive,
    ):
        manifest = _write_database(archive, Path(folder), engine, metadata, scripts, progress)
        manifest["uploads"] = _write_uploads(archive, uploads, progress)
        manifest["hash"] = content_hash(manifest["tables"], manifest["uploads"])
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    return manifest


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that gets its name when it is complete."""
    if path.exists():
        raise OperationFailed(f"{path} exists already. Take another name, or remove it.")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except OSError as error:
        raise OperationFailed(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _write_database(archive, folder: Path, engine, metadata, scripts, progress) -> dict:
    dump = dump_of(engine)
    copy = folder / dump.member
    with progress("Database ", 1) as advance:
        with dump.dump(copy) as connection:
            advance(1)
            tables = summarise(connection, metadata, progress=progress)
            migration = release(connection, scripts).found
        digest = _add(archive, dump.member, copy.open("rb"), ZIP_DEFLATED)
    return {
        "format": FORMAT,
        "made_at": f"{utcnow().isoformat(timespec='seconds')}Z",
        "database": engine.dialect.name,
        "member": dump.member,
        "member_hash": digest,
        "migration": migration,
        "tables": tables,
    }


def _write_uploads(archive, uploads, progress) -> dict[str, str]:
    """Add all uploads. What is gone by now nobody shows any more."""
    names = sorted(stored.name for stored in uploads.list())
    hashes = {}
    with progress("Uploads  ", len(names)) as advance:
        for name in names:
            try:
                content = uploads.open(name)
            except FileNotFoundError:
                continue
            hashes[name] = _add(archive, UPLOADS + name, content, ZIP_STORED)
            advance(1)
    return hashes


def _add(archive: ZipFile, name: str, content: IO[bytes], compression: int) -> str:
    """Copy `content` into the archive; return its hash."""
    member = ZipInfo(name, utcnow().timetuple()[:6])
    member.compress_type = compression
    digest = hashlib.sha256()
    with content, archive.open(member, "w", force_zip64=True) as target:
        while block := content.read(1024 * 1024):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[tuple[ZipFile, dict]]:
    """Give the archive at `path` and its manifest. Raises OperationFailed if it is none."""
    try:
        archive = ZipFile(path)
    except OSError as error:
        raise OperationFailed(f"{path} cannot be read: {error.strerror}.") from None
    except BadZipFile:
        raise OperationFailed(f"{path} is no backup, or only the beginning of one.") from None
    with archive:
        try:
            manifest = json.loads(archive.read(MANIFEST))
        except (KeyError, ValueError, BadZipFile):
            raise OperationFailed(f"{path} is no backup of Flasky: no manifest.") from None
        if manifest["format"] > FORMAT:
            raise OperationFailed(f"{path} was made by a later release of Flasky.")
        yield archive, manifest


def extract(archive: ZipFile, name: str, expected: str, target: IO[bytes]) -> None:
    """Copy a file out of the archive. Raises OperationFailed if it is not what was put in."""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as content:
            while block := content.read(1024 * 1024):
                digest.update(block)
                target.write(block)
    except (KeyError, BadZipFile):
        raise OperationFailed(f"The backup is damaged: {name}.") from None
    if digest.hexdigest() != expected:
        raise OperationFailed(f"The backup is damaged: {name} is not what was put in.")
