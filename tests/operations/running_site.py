"""The site as an operator runs it: gunicorn, the worker beside it, one database and one log."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.operations.site import PATIENCE, PROJECT, free_port

# What the machine of a developer may have set, in its environment or in .env: empty here, so
# that the tests see the defaults.
_UNSET = """
    SECRET_KEY_FALLBACKS MAIL_SERVER FLASKY_ADMIN FLASKY_ALLOWED_HOSTS SERVER_NAME
    FLASKY_PROXY_HOPS FLASKY_AVATARS FLASKY_FOLLOWERS_PER_PAGE FLASKY_PASSWORD_MIN_LENGTH
    FLASKY_PASSWORD_MIN_SCORE HOST REDIS_URL FLASKY_QUEUE_URL FLASKY_S3_BUCKET RATELIMIT_STORAGE_URI
""".split()


class RunningSite:
    """Processes that serve `application`, on settings that a test may change before the start."""

    application = "flasky:app"

    def __init__(self, folder: Path, **settings: str):
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._log = folder / "server.log"
        self.processes: dict[str, subprocess.Popen] = {}
        self.environment = {
            **os.environ,
            **dict.fromkeys(_UNSET, ""),
            "FLASK_APP": self.application,
            "FLASK_CONFIG": "production",
            "FLASK_SKIP_DOTENV": "1",
            "FLASKY_BASE_URL": self.url,
            "FLASKY_QUEUE_FILE": str(folder / "queue.sqlite"),
            "FLASKY_UPLOADS": str(folder / "uploads"),
            "DATABASE_URL": f"sqlite:///{folder / 'data.sqlite'}",
            "PORT": str(self.port),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SECRET_KEY": "only for tests with a running site",
            "WEB_CONCURRENCY": "2",
            **settings,
        }

    def start_web(self) -> None:
        configuration = ("--config", "deploy/gunicorn.conf.py")
        self.open("web", "-m", "gunicorn", *configuration, self.application)

    def start_worker(self, name: str = "worker") -> None:
        self.open(name, "-m", "flask", "worker")

    def wait_until_ready(self) -> None:
        self.wait("an answer", self._answers)
        self.wait("the worker", lambda: "The worker is ready." in self.log)

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

    def open(self, name: str, *arguments: str) -> None:
        """Start a Python program on the site's settings; what it says goes to the log."""
        with self._log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self, name: str) -> None:
        """End one of the processes as a crash would, and leave it ended."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def kill_web_worker(self, choose) -> bool:
        """End one child of gunicorn, which starts another; tell whether there was one."""
        pid = self.processes["web"].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            with suppress(ProcessLookupError):
                os.kill(int(choose(children)), signal.SIGKILL)
        return bool(children)

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def wait(self, what: str, condition, patience: float = PATIENCE) -> None:
        """Wait until `condition()`; raise TimeoutError if that takes longer than `patience`."""
        deadline = time.monotonic() + patience
        while not condition():
            ended = any(process.poll() is not None for process in self.processes.values())
            if ended or time.monotonic() > deadline:
                raise TimeoutError(f"{what} never came. The log ends:\n{self.log[-20_000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urlopen(self.url + "/", timeout=PATIENCE) as answer:
                return answer.status == 200
        except HTTPError:
            raise
        except OSError:
            return False
