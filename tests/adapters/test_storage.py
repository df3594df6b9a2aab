"""Uploads in a directory, and in a bucket of moto's server on loopback: the same promises."""

import subprocess
import sys
from datetime import timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app import create_app
from app.adapters.storage import BucketStorage, LocalStorage, storage_of
from app.lib.clock import utcnow

NAME = "pictures/0123abcd-256.webp"


@pytest.fixture(scope="module")
def s3():
    """The address of a server that speaks S3, with a bucket `flasky`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client = boto3.client("s3", endpoint_url=s3, region_name="us-east-1")
    client.create_bucket(Bucket="flasky")
    storage = BucketStorage("flasky", endpoint=s3, region="us-east-1")
    yield storage
    for stored in storage.list():
        storage.delete(stored.name)
    client.close()
    storage._client.close()


@pytest.fixture(params=["directory", "bucket"])
def storage(request, tmp_path):
    if request.param == "bucket":
        return request.getfixturevalue("bucket")
    return LocalStorage(tmp_path / "uploads")


def read(storage, name):
    with storage.open(name) as file:
        return file.read()


def test_what_is_saved_can_be_read(storage):
    storage.save(NAME, b"a picture")
    assert storage.exists(NAME)
    assert read(storage, NAME) == b"a picture"


def test_what_was_never_saved_is_not_found(storage):
    assert not storage.exists(NAME)
    with pytest.raises(FileNotFoundError):
        storage.open(NAME)


def test_what_is_deleted_is_gone_and_may_be_deleted_again(storage):
    storage.save(NAME, b"a picture")
    storage.delete(NAME)
    storage.delete(NAME)
    assert not storage.exists(NAME)


def test_all_files_are_listed_with_their_time(storage):
    assert list(storage.list()) == []
    storage.save(NAME, b"one")
    storage.save("pictures/4567-256.webp", b"two")
    listed = {stored.name: stored.modified for stored in storage.list()}
    assert listed.keys() == {NAME, "pictures/4567-256.webp"}
    assert all(abs(utcnow() - when) < timedelta(minutes=1) for when in listed.values())


@pytest.mark.parametrize(
    "name", ["", "../x", "/etc/passwd", "a//b", ".x", "a/../b", "A", "a\0", "a\n"]
)
def test_a_name_that_leads_elsewhere_is_refused(storage, name):
    for ask in (storage.open, storage.exists, storage.delete):
        with pytest.raises(ValueError, match="no name"):
            ask(name)
    with pytest.raises(ValueError, match="no name"):
        storage.save(name, b"")


def test_a_bucket_that_is_missing_is_an_error_and_not_an_empty_one(s3, bucket):
    elsewhere = BucketStorage("nobodys", endpoint=s3, region="us-east-1")
    with pytest.raises(Exception, match="NoSuchBucket"):
        elsewhere.open(NAME)
    elsewhere._client.close()


def test_a_save_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    storage = LocalStorage(tmp_path)
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        storage.save("x.webp", b"a picture")
    assert list(tmp_path.iterdir()) == []


def test_the_settings_choose_the_storage(tmp_path, monkeypatch):
    app = create_app("testing")
    app.config["FLASKY_UPLOADS"] = str(tmp_path)
    assert isinstance(storage_of(app), LocalStorage)
    other = create_app("testing")
    other.config.update(FLASKY_S3_BUCKET="flasky", FLASKY_S3_REGION="us-east-1")
    assert isinstance(storage_of(other), BucketStorage)


def test_a_site_without_a_bucket_loads_neither_boto3_nor_pillow():
    code = (
        "import sys; from app import create_app; create_app('testing');"
        "sys.exit(bool({'boto3', 'PIL'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
