"""`flask worker`, the real process: it keeps what others promised, until it is told to stop."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import create_app
from app.database import reading
from app.extensions import db
from app.models import Job, Role, User, later
from config import TestingConfig
from tests.databases import close_connections, empty_tables
from tests.operations.site import PATIENCE, wait_until

PROJECT = Path(__file__).resolve().parents[2]


class Worker:
    """The process, and what it says."""

    def __init__(self, folder):
        self.log = folder / "worker.log"
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("FLASK", "MAIL_", "SERVER_NAME"))
        }
        environment |= {
            "FLASK_APP": "app:create_app('development')",
            "FLASK_SKIP_DOTENV": "1",
            "DEV_DATABASE_URL": TestingConfig.SQLALCHEMY_DATABASE_URI,
            "FLASKY_QUEUE_FILE": str(folder / "queue.sqlite"),
            "FLASKY_BASE_URL": "https://blog.example.org",
        }
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "worker"],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def text(self):
        return self.log.read_text()

    def wait_for(self, text):
        wait_until(lambda: text in self.text or self.process.poll() is not None)
        assert text in self.text, self.text

    def stop(self, signal_number):
        """Send the signal and return the exit status and how long it took."""
        started = time.monotonic()
        self.process.send_signal(signal_number)
        return self.process.wait(timeout=PATIENCE), time.monotonic() - started


@contextmanager
def working(folder):
    worker = Worker(folder)
    try:
        worker.wait_for("The worker is ready.")
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.process.kill()
            worker.process.wait()


@pytest.fixture
def site(tmp_path, shared_database, monkeypatch):
    """An application that shares database and queue with the worker, and only promises."""
    monkeypatch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", shared_database)
    monkeypatch.setattr(TestingConfig, "FLASKY_QUEUE_FILE", str(tmp_path / "queue.sqlite"))
    app = create_app("testing")
    with app.app_context():
        db.create_all()
        Role.insert_roles()
        db.session.add(User(email="ann@example.com", username="ann"))
        db.session.commit()
        yield tmp_path
        empty_tables()
        close_connections()


def is_kept(job_id):
    with reading():
        done_at = db.session.scalar(db.select(Job.done_at).where(Job.id == job_id))
        db.session.rollback()  # else the worker would wait for us
    return done_at is not None


def promise(name, **payload):
    later(name, **payload)
    db.session.flush()
    job_id = db.session.scalar(db.select(db.func.max(Job.id)))
    db.session.commit()
    return job_id


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_the_worker_keeps_promises_of_other_processes_until_it_is_told_to_stop(site, signal_number):
    ann = db.session.scalar(db.select(User.id))
    early = promise("mail.confirmation", user_id=ann)
    with working(site) as worker:
        wait_until(lambda: is_kept(early))
        assert is_kept(early), worker.text
        started = time.monotonic()
        late = promise("mail.password_reset", email="ann@example.com")
        wait_until(lambda: is_kept(late))
        assert is_kept(late), worker.text
        assert time.monotonic() - started < 10
        assert "To: ann@example.com\nSubject: [Flasky] Confirm Your Account" in worker.text
        assert "https://blog.example.org/auth/reset/" in worker.text
        status, seconds = worker.stop(signal_number)
    assert status == 0, worker.text
    assert seconds < 10
    assert "Traceback" not in worker.text


def test_the_command_explains_itself(app):
    assert "until told to stop" in app.test_cli_runner().invoke(args=["worker", "--help"]).output
