"""What a site holds, summed up: rows and a hash for each table, and a hash of it all.

The same content has the same hash in every database: values are written down as Python sees them,
and the order of the rows does not matter, since databases differ in how they sort texts.
"""

import hashlib
import json
from datetime import datetime
from typing import IO, Any

from sqlalchemy import Connection, MetaData, Table, column, func, inspect, select, table

from .progress import Progress, silently

_AT_ONCE = 1000  # rows
_MODULUS = 2**256


def summarise(
    connection: Connection,
    metadata: MetaData,
    *,
    like: dict[str, dict] | None = None,
    progress: Progress = silently,
) -> dict[str, dict]:
    """Return rows, columns and hash of each table of `metadata` that the database has.

    With `like`, an earlier summary, the tables and columns are those that it names.
    """
    columns = _columns(connection, metadata, like)
    counts = {
        name: connection.scalar(select(func.count()).select_from(table(name))) for name in columns
    }
    summary = {}
    with progress("Checksums", sum(counts.values())) as advance:
        for name, names in columns.items():
            digest, rows = _digest(connection, metadata.tables.get(name), name, names, advance)
            summary[name] = {"rows": rows, "columns": names, "hash": f"{digest:064x}"}
    return summary


def content_hash(tables: dict[str, dict], uploads: dict[str, str]) -> str:
    """Return one hash of a summary and of the hashes of all uploads."""
    rows = {name: [content["rows"], content["hash"]] for name, content in tables.items()}
    return hashlib.sha256(json.dumps([rows, uploads], sort_keys=True).encode()).hexdigest()


def hashes_of(uploads) -> dict[str, str]:
    """Return the hash of every file in the storage `uploads`."""
    hashes = {}
    for stored in uploads.list():
        with uploads.open(stored.name) as content:
            hashes[stored.name] = _hash_of(content)
    return hashes


def _hash_of(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(1024 * 1024):
        digest.update(block)
    return digest.hexdigest()


def differences(before: dict[str, dict], after: dict[str, dict]) -> list[str]:
    """Return the tables that are not the same, with their numbers of rows."""
    return [
        f"{name} ({content['rows']} rows, then {after[name]['rows'] if name in after else 'none'})"
        for name, content in before.items()
        if after.get(name) != content
    ]


def _columns(connection: Connection, metadata: MetaData, like) -> dict[str, list[str]]:
    if like is not None:
        return {name: content["columns"] for name, content in like.items()}
    inspector = inspect(connection)
    return {
        name: sorted(
            {found["name"] for found in inspector.get_columns(name)}
            & set(metadata.tables[name].columns.keys())
        )
        for name in sorted(set(inspector.get_table_names()) & set(metadata.tables))
    }


def _digest(connection, known: Table | None, name: str, names: list[str], advance):
    """Sum the hashes of all rows, so that their order does not matter; and count them."""
    wanted = [column(n) if known is None or n not in known.c else known.c[n] for n in names]
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(
        select(*wanted).select_from(table(name) if known is None else known)
    )
    total = count = 0
    for batch in rows.partitions():
        for row in batch:
            written = json.dumps([_plain(value) for value in row], sort_keys=True)
            total += int.from_bytes(hashlib.sha256(written.encode()).digest())
        count += len(batch)
        advance(len(batch))
    return total % _MODULUS, count


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, bytes):
        return value.hex()
    return value
