"""The site as an operator runs it: `flask deploy`, gunicorn, and the worker beside it."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds for a start, an end or a mail

# What the machine of a developer may have set, in its environment or in .env: empty here, so
# that the tests see the defaults.
_UNSET = """
    SECRET_KEY_FALLBACKS MAIL_SERVER FLASKY_ADMIN FLASKY_ALLOWED_HOSTS SERVER_NAME
    FLASKY_PROXY_HOPS FLASKY_AVATARS FLASKY_FOLLOWERS_PER_PAGE FLASKY_PASSWORD_MIN_LENGTH
    FLASKY_PASSWORD_MIN_SCORE HOST
""".split()


class Server:
    """Two processes, one database and one log."""

    def __init__(self, folder: Path):
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.database = folder / "data.sqlite"
        self._log = folder / "server.log"
        self._faults = 0
        self._processes = []
        self.environment = {
            **os.environ,
            **dict.fromkeys(_UNSET, ""),
            "FLASK_APP": str(PROJECT / "flasky.py"),
            "FLASK_CONFIG": "production",
            "FLASK_SKIP_DOTENV": "1",
            "FLASKY_AVATARS": "local",
            "FLASKY_BASE_URL": self.url,
            # Several pages of everything without a crowd.
            "FLASKY_COMMENTS_PER_PAGE": "8",
            "FLASKY_POSTS_PER_PAGE": "8",
            "FLASKY_QUEUE_FILE": str(folder / "queue.sqlite"),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "PORT": str(self.port),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SECRET_KEY": "only for the tests with a browser",
            "WEB_CONCURRENCY": "2",
        }

    def start(self) -> None:
        self.run("-m", "flask", "deploy")
        self._open("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "flasky:app")
        self._open("-m", "flask", "worker")
        self.ids = json.loads(self.run("-m", "tests.browser.world"))
        self._wait("an answer", self._answers)
        self._wait("the worker", lambda: "The worker is ready." in self.log)

    def run(self, *arguments: str) -> str:
        """Run a Python program on the site's settings to its end; return what it prints."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
        ).stdout

    def stop(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def unexpected_faults(self) -> int:
        """How many tracebacks the log holds beyond those that a test caused on purpose."""
        return self.log.count("Traceback (most recent call last)") - self._faults

    def link_for(self, address: str, subject: str) -> str:
        """Wait for the last mail with this subject to `address`, and return the link in it."""
        mail = re.compile(
            rf"^To: {re.escape(address)}\nSubject: \[Flasky\] {re.escape(subject)}\n.*?(https?://\S+)",
            re.DOTALL | re.MULTILINE,
        )
        self._wait(f"a mail to {address}", lambda: mail.search(self.log))
        return mail.findall(self.log)[-1]

    def write(self, statement: str) -> None:
        """Change the database behind the site's back, as only a test does."""
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection, connection:
            connection.execute(statement)

    @contextmanager
    def without_table(self, name: str):
        """While it lasts, whoever asks for this table meets a fault; it may be in the log."""
        before = self.unexpected_faults
        self.write(f"ALTER TABLE {name} RENAME TO {name}_away")
        try:
            yield
        finally:
            self.write(f"ALTER TABLE {name}_away RENAME TO {name}")
            self._faults += self.unexpected_faults - before

    def _open(self, *arguments: str) -> None:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._processes.append(process)

    def _answers(self) -> bool:
        try:
            with urlopen(self.url + "/", timeout=PATIENCE) as answer:
                return answer.status == 200
        except HTTPError:
            raise
        except OSError:
            return False

    def _wait(self, what: str, condition) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            ended = any(process.poll() is not None for process in self._processes)
            if ended or time.monotonic() > deadline:
                raise TimeoutError(f"{what} never came. The log says:\n{self.log}")
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
