"""`flask doctor` names what is wrong, one line a matter."""

import os
import socket
import sqlite3
import subprocess
import sys
from datetime import timedelta
from threading import Thread

import pytest
import time_machine

from app import create_app
from app.care import checkup
from app.lib.clock import utcnow
from app.models import Job
from config import TestingConfig
from tests.adapters.mail_server import Postbox, free_port, serve
from tests.cli.test_deploy import PROJECT, same_log_afterwards  # noqa: F401
from tests.databases import close_connections

KEY = "0123456789abcdefghijklmnopqrstuvwxyz"
SECRETS = (KEY, "open sesame", "hush-hush")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """The bytes of a database that `flask deploy` made."""
    path = tmp_path_factory.mktemp("deployed") / "data.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", f"sqlite:///{path}")
        app = create_app("testing")
        assert app.test_cli_runner().invoke(args=["deploy"]).exit_code == 0
        with app.app_context():
            close_connections()
    return path.read_bytes()


@pytest.fixture
def file(tmp_path, deployed):
    """The database of a site in good health."""
    path = tmp_path / "data.sqlite"
    path.write_bytes(deployed)
    return path


@pytest.fixture
def examine(file, monkeypatch):
    """Return what the doctor says of a site with these settings: lines by matter, and status."""

    def run(**settings):
        healthy = {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}",
            "SECRET_KEY": KEY,
            "FLASKY_BASE_URL": "https://blog.example.org",
            "FLASKY_ADMIN": "boss@example.com",
            "FLASKY_PRODUCTION": True,
            "FLASKY_MAIL_TO_LOG": True,
        }
        for name, value in (healthy | settings).items():
            monkeypatch.setattr(TestingConfig, name, value, raising=False)
        app = create_app("testing")
        result = app.test_cli_runner().invoke(args=["doctor"])
        with app.app_context():
            close_connections()
        assert not any(secret in result.output for secret in SECRETS)
        lines = result.output.splitlines()
        return {line.split()[1]: line for line in lines}, result.exit_code, len(lines)

    return run


def the_failure(examined):
    """The one line that says FAIL; the doctor's status says it too."""
    lines, status, count = examined
    assert status == 1
    assert count == len(lines)  # one line a matter
    (line,) = [line for line in lines.values() if line.startswith("FAIL")]
    return line


# --- A site in good health -----------------------------------------------------------------


def test_a_site_in_good_health_is_told_so(examine):
    with serve(Postbox()) as port:
        lines, status, _ = examine(
            FLASKY_MAIL_TO_LOG=False, MAIL_SERVER="127.0.0.1", MAIL_PORT=port
        )
    assert status == 0
    assert {line[:4].strip() for line in lines.values()} <= {"OK", "WARN"}  # the disk may be full
    matters = "settings secret database writing migrations clock queue mail disk"
    assert list(lines) == matters.split()


def test_looking_changes_nothing(examine, file):
    examine()
    with sqlite3.connect(file) as connection:
        before = list(connection.iterdump())
    examine()
    with sqlite3.connect(file) as connection:
        assert list(connection.iterdump()) == before


def test_what_might_be_meant_is_a_warning_and_no_trouble(examine):
    lines, status, _ = examine(FLASKY_BASE_URL="http://localhost:5000", FLASKY_ADMIN=None)
    assert status == 0
    assert lines["settings"].startswith("WARN")
    assert lines["mail"].startswith("WARN")


# --- Settings that do not allow a start: every command says so in one line -----------------


def run_flask(command, tmp_path, **environment):
    nothing = ("SECRET_KEY", "FLASKY_BASE_URL", "FLASKY_ADMIN", "MAIL_PORT", "MAIL_SERVER")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(tmp_path),
        "FLASK_APP": str(PROJECT / "flasky.py"),
        "FLASK_SKIP_DOTENV": "1",
        **dict.fromkeys(nothing, ""),
        **environment,
    }
    return subprocess.run(
        [sys.executable, "-m", "flask", *command],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"FLASK_CONFIG": "production"}, "SECRET_KEY is not set."),
        (
            {"FLASK_CONFIG": "production", "SECRET_KEY": KEY, "FLASKY_BASE_URL": "http://b.org"},
            "FLASKY_BASE_URL must start with https://",
        ),
        ({"MAIL_PORT": "abc"}, "MAIL_PORT takes a number, not 'abc'."),
        ({"DEV_DATABASE_URL": "hush-hush"}, "DEV_DATABASE_URL is not the address of a database."),
        ({"DEV_DATABASE_URL": "oracle+x://u:hush-hush@h/n"}, "is not the address of a database."),
    ],
)
@pytest.mark.parametrize("command", [["doctor"], ["users", "confirm", "a@example.com"]])
def test_settings_that_allow_no_start_are_named_in_one_line(tmp_path, settings, named, command):
    done = run_flask(command, tmp_path, **settings)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert named in line
    assert line.startswith("FAIL  settings") == (command == ["doctor"])
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS)


def test_a_broken_settings_file_is_named_in_one_line(tmp_path):
    """flasky.py reads the file beside itself, so it needs a place of its own."""
    for name in ("app", "config.py", "deploy", "migrations"):
        (tmp_path / name).symlink_to(PROJECT / name)
    (tmp_path / "flasky.py").write_text((PROJECT / "flasky.py").read_text())
    (tmp_path / ".env").write_text(f"A=1\nSECRET KEY={KEY}\n")
    done = run_flask(["doctor"], tmp_path, FLASK_APP=str(tmp_path / "flasky.py"))
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("FAIL  settings")
    assert "line 2: expected NAME=value" in line
    assert KEY not in line


# --- Sabotage ------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["hush-hush", "a" * 64])
def test_a_secret_that_can_be_guessed(examine, key):
    line = the_failure(examine(SECRET_KEY=key))
    assert "SECRET_KEY can be guessed" in line
    assert key not in line


def test_a_site_that_does_not_know_its_address(examine):
    assert "FLASKY_BASE_URL is not set" in the_failure(examine(FLASKY_BASE_URL=None))


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://u:hush-hush@127.0.0.1:{}/x", "mysql+pymysql://u@127.0.0.1:{}/x"]
)
def test_a_database_whose_host_is_away(examine, url):
    line = the_failure(examine(SQLALCHEMY_DATABASE_URI=url.format(free_port())))
    assert line.split()[1] == "database"
    assert "refused" in line
    assert "See host and port in TEST_DATABASE_URL" in line


@pytest.fixture
def refusing_postgresql():
    """The port of a server that speaks just enough of PostgreSQL's protocol to say no."""

    def answer(connection):
        with connection:
            if b"\x04\xd2\x16\x2f" in connection.recv(1000):  # may we encrypt?
                connection.sendall(b"N")
                connection.recv(1000)
            text = 'password authentication failed for user "u"'
            fields = f"SFATAL\0VFATAL\0C28P01\0M{text}\0\0".encode()
            connection.sendall(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def serve_ten():
            for _ in range(10):
                try:
                    answer(server.accept()[0])
                except OSError:
                    return

        Thread(target=serve_ten, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def test_a_wrong_password_for_the_database(examine, refusing_postgresql):
    url = f"postgresql+psycopg://u:hush-hush@127.0.0.1:{refusing_postgresql}/x"
    line = the_failure(examine(SQLALCHEMY_DATABASE_URI=url))
    assert "password authentication failed" in line
    assert "See the user and the password in TEST_DATABASE_URL" in line


def test_a_database_in_a_folder_that_does_not_exist(examine, tmp_path):
    lines, status, _ = examine(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/nowhere/x.sqlite")
    assert status == 1
    assert "See that its folder exists" in lines["database"]
    assert "There is no folder" in lines["disk"]


def test_a_file_that_is_no_database(examine, file):
    file.write_bytes(b"nothing that SQLite could read" * 100)
    assert "Restore a backup" in the_failure(examine())


def test_a_database_that_can_only_be_read(examine, file):
    url = f"sqlite:///file:{file}?mode=ro&uri=true"
    line = the_failure(examine(SQLALCHEMY_DATABASE_URI=url))
    assert line.split()[1] == "writing"
    assert "Make its file, folder and disk writable" in line


def at_revision(file, revision):
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])


def test_a_database_of_an_older_release(examine, file):
    at_revision(file, "0001")
    line = the_failure(examine())
    assert "is at 0001 and this release needs" in line
    assert line.endswith("Run: flask deploy")


def test_a_database_of_a_release_that_is_not_known(examine, file):
    at_revision(file, "from_the_future")
    assert "which this release does not know" in the_failure(examine())


def test_a_database_without_tables(examine, file):
    file.write_bytes(b"")
    lines, status, _ = examine()
    assert status == 1
    assert lines["migrations"].endswith("The database has no tables yet. Run: flask deploy")


def mail_settings(port):
    return {
        "FLASKY_MAIL_TO_LOG": False,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": port,
        "MAIL_USERNAME": "flasky",
        "MAIL_PASSWORD": "hush-hush",
    }


def test_a_mail_server_that_is_away(examine):
    port = free_port()
    line = the_failure(examine(**mail_settings(port)))
    assert f"127.0.0.1:{port}" in line
    assert "Connection refused" in line


def test_a_wrong_password_for_the_mail_server(examine):
    postbox = Postbox()
    with serve(postbox, login=True, auth_require_tls=False) as port:
        line = the_failure(examine(**mail_settings(port)))
    assert "refuses the sign-in (535). See MAIL_USERNAME and MAIL_PASSWORD" in line
    assert postbox.mails == []


def test_a_mail_server_that_says_nothing(examine, monkeypatch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = mail_settings(silent.getsockname()[1])
        line = the_failure(examine(**settings, MAIL_TIMEOUT=0.2))
    assert "timed out" in line


def test_a_redis_that_is_away(examine):
    url = f"redis://u:hush-hush@127.0.0.1:{free_port()}/0"
    line = the_failure(examine(REDIS_URL=url))
    assert line.split()[1] == "redis"
    assert "127.0.0.1" in line
    assert "Without it the site serves and jobs wait. See REDIS_URL." in line


def test_a_worker_that_does_not_run(examine, file):
    with sqlite3.connect(file) as connection:
        long_ago = utcnow() - timedelta(minutes=20)
        names = "name, payload, created_at, run_at, attempts"
        connection.execute(
            f"INSERT INTO {Job.__tablename__} ({names}) VALUES ('mail.x', '{{}}', ?, ?, 0)",
            [str(long_ago), str(long_ago)],
        )
    line = the_failure(examine())
    assert "1 jobs are overdue, the oldest since" in line
    assert line.endswith("flask worker")


def test_a_clock_that_is_off(examine):
    with time_machine.travel(utcnow() + timedelta(minutes=7)):
        line = the_failure(examine())
    assert line.split()[1] == "clock"
    assert "differ by 4" in line  # 420 seconds, give or take one


def test_a_disk_that_is_full(examine, monkeypatch):
    usage = checkup.shutil.disk_usage("/")._replace(total=10**10, free=10**6)
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _folder: usage)
    assert "Make room before writes fail" in the_failure(examine())


def test_a_disk_that_can_only_be_read(examine, file, monkeypatch):
    """The user root may write to any folder, unless its disk says no; hence in its place."""
    may = checkup.os.access
    monkeypatch.setattr(checkup.os, "access", lambda p, mode: p != file.parent and may(p, mode))
    assert "cannot be written to. See its owner and disk." in the_failure(examine())


def test_a_check_that_never_ends_is_a_failure_too(examine, monkeypatch):
    monkeypatch.setattr(checkup, "_PATIENCE", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        line = the_failure(
            examine(SQLALCHEMY_DATABASE_URI=f"postgresql+psycopg://u@127.0.0.1:{port}/x")
        )
    assert "no answer within 0.2 seconds" in line
