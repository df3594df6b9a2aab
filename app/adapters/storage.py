"""Where uploads are kept: a directory of this machine, or a bucket that many machines share.

Both take and give whole files under names such as `pictures/0123abcd-256.webp`. A file is there as
a whole or not at all, and never changes: whoever has something new gives it a new name.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, NamedTuple

from flask import Flask

_NAME = re.compile(r"[0-9a-z]+(?:[/.-][0-9a-z]+)*\Z")
_TYPES = {".webp": "image/webp"}


class Stored(NamedTuple):
    name: str
    modified: datetime  # naive UTC


def storage_of(app: Flask):
    """Return the storage that the settings of `app` name; it is opened when it is needed first."""
    if "storage" not in app.extensions:
        app.extensions["storage"] = _open_storage(app.config)
    return app.extensions["storage"]


def _open_storage(config):
    if not config["FLASKY_S3_BUCKET"]:
        return LocalStorage(config["FLASKY_UPLOADS"])
    return BucketStorage(
        config["FLASKY_S3_BUCKET"],
        endpoint=config["FLASKY_S3_ENDPOINT"],
        region=config["FLASKY_S3_REGION"],
    )


def _checked(name: str) -> str:
    """Return `name` if it is one of ours: nothing that leads elsewhere."""
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is no name for an upload")
    return name


class LocalStorage:
    """Files below a directory, which is made when the first one is saved."""

    def __init__(self, folder: str | Path):
        self._folder = Path(folder)

    def save(self, name: str, content: bytes) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        # First under another name: nobody reads half a file, and a crash leaves none behind.
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
            try:
                draft.write(content)
                draft.flush()
                os.fsync(draft.fileno())
                os.replace(draft.name, path)
            except BaseException:
                os.unlink(draft.name)
                raise

    def open(self, name: str) -> BinaryIO:
        """Return the file for reading. Raises FileNotFoundError if there is none."""
        return self._path(name).open("rb")

    def delete(self, name: str) -> None:
        """Remove the file, if there is one."""
        self._path(name).unlink(missing_ok=True)

    def exists(self, name: str) -> bool:
        return self._path(name).is_file()

    def list(self) -> Iterator[Stored]:
        """Yield all files, in no order."""
        for path in self._folder.rglob("*"):
            name = path.relative_to(self._folder).as_posix()
            if _NAME.match(name):
                with suppress(FileNotFoundError):  # removed since
                    if path.is_file():
                        yield Stored(name, _naive(path.stat().st_mtime))

    def _path(self, name: str) -> Path:
        return self._folder / _checked(name)


class BucketStorage:
    """Objects in a bucket of S3, or of anything that speaks its language.

    boto3 finds the credentials by itself: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the
    environment, or the role of the machine.
    """

    def __init__(self, bucket: str, *, endpoint: str | None = None, region: str | None = None):
        # 25 MB in every process, for sites that have a bucket.
        boto3, self._botocore = import_module("boto3"), import_module("botocore.exceptions")
        patience = import_module("botocore.config").Config(
            connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 3}
        )
        self._bucket = bucket
        self._client = boto3.client(
            "s3", endpoint_url=endpoint, region_name=region, config=patience
        )

    def save(self, name: str, content: bytes) -> None:
        kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
        self._client.put_object(
            Bucket=self._bucket, Key=_checked(name), Body=content, ContentType=kind
        )

    def open(self, name: str) -> BinaryIO:
        """Return the object for reading. Raises FileNotFoundError if there is none."""
        try:
            return self._client.get_object(Bucket=self._bucket, Key=_checked(name))["Body"]
        except self._client.exceptions.NoSuchKey:
            raise FileNotFoundError(name) from None

    def delete(self, name: str) -> None:
        """Remove the object, if there is one."""
        self._client.delete_object(Bucket=self._bucket, Key=_checked(name))

    def exists(self, name: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=_checked(name))
        except self._botocore.ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return False
            raise
        return True

    def list(self) -> Iterator[Stored]:
        """Yield all objects, in no order."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        for page in pages:
            for item in page.get("Contents", ()):
                if _NAME.match(item["Key"]):
                    yield Stored(item["Key"], _naive(item["LastModified"].timestamp()))


def _naive(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
