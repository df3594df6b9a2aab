"""Bringing a site back from a backup, and proving that it is the same."""

import io
import tempfile
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import Engine, MetaData, func, inspect, select, table

from ..adapters.dumps import dump_of
from ..exceptions import OperationFailed
from .backup import UPLOADS, extract, opened
from .content import content_hash, differences, hashes_of, summarise
from .progress import Progress, silently

# What a site cannot be without once people were there. Others may be filled by `flask deploy`.
_MADE_BY_PEOPLE = ("users", "posts", "comments")


def restore(
    path: Path,
    engine: Engine,
    metadata: MetaData,
    uploads,
    *,
    replace: bool = False,
    verify: bool = True,
    progress: Progress = silently,
) -> dict:
    """Put the site in the backup `path` where `engine` and the storage `uploads` point to.

    Nothing is touched before the file has been found sound. Raises OperationFailed when something
    is there already and `replace` does not say to remove it, and when the result differs from
    what was backed up. Returns the manifest.
    """
    with opened(path) as (archive, manifest):
        _ensure_same_kind(engine, manifest)
        if not replace:
            _ensure_empty(engine, uploads)
        _check_uploads(archive, manifest, progress)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / manifest["member"]
            with copy.open("wb") as target:
                extract(archive, manifest["member"], manifest["member_hash"], target)
            with progress("Database ", 1) as advance:
                engine.dispose()
                dump_of(engine).load(copy)
                advance(1)
        _restore_uploads(archive, manifest, uploads, progress)
    if verify:
        ensure_same(engine, metadata, uploads, manifest, progress)
    return manifest


def _ensure_same_kind(engine: Engine, manifest: dict) -> None:
    kinds = [{"mysql": "mariadb"}.get(n, n) for n in (manifest["database"], engine.dialect.name)]
    if kinds[0] != kinds[1]:
        raise OperationFailed(
            f"The backup is of {kinds[0]}, and this site is on {kinds[1]}. Restore it on "
            f"{kinds[0]}, then move it: flask db-move URL"
        )


def _ensure_empty(engine: Engine, uploads) -> None:
    filled = filled_tables(engine)
    if filled:
        raise OperationFailed(
            f"The database holds rows already ({', '.join(filled)}). "
            "--replace removes them, and every table with them."
        )
    if next(iter(uploads.list()), None) is not None:
        raise OperationFailed("There are uploads already. --replace removes them.")


def filled_tables(engine: Engine) -> list[str]:
    """The tables that hold what people made."""
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        return [
            name
            for name in _MADE_BY_PEOPLE
            if name in there and connection.scalar(select(func.count()).select_from(table(name)))
        ]


def _check_uploads(archive: ZipFile, manifest: dict, progress: Progress) -> None:
    with progress("Checking ", len(manifest["uploads"])) as advance:
        for name, expected in manifest["uploads"].items():
            extract(archive, UPLOADS + name, expected, io.BytesIO())
            advance(1)


def _restore_uploads(archive: ZipFile, manifest: dict, uploads, progress: Progress) -> None:
    for stored in list(uploads.list()):
        if stored.name not in manifest["uploads"]:
            uploads.delete(stored.name)
    with progress("Uploads  ", len(manifest["uploads"])) as advance:
        for name, expected in manifest["uploads"].items():
            content = io.BytesIO()
            extract(archive, UPLOADS + name, expected, content)
            uploads.save(name, content.getvalue())
            advance(1)


def ensure_same(
    engine: Engine, metadata: MetaData, uploads, manifest: dict, progress: Progress = silently
) -> None:
    """Raise OperationFailed unless tables and uploads are what the manifest says."""
    with engine.connect() as connection:
        found = summarise(connection, metadata, like=manifest["tables"], progress=progress)
    files = hashes_of(uploads)
    wrong = differences(manifest["tables"], found)
    wrong += [name for name, digest in manifest["uploads"].items() if files.get(name) != digest]
    if wrong or content_hash(found, files) != manifest["hash"]:
        raise OperationFailed(f"What was restored differs from the backup: {', '.join(wrong)}.")
