"""gunicorn as deploy/gunicorn.conf.py has it, on a free port, and what its processes take."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
_PATIENCE = 60  # seconds until a server has to answer
_TICKS = os.sysconf("SC_CLK_TCK")
# A site keeps its compiled modules, so that only its first start takes longer.
_SURROUNDINGS = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Server:
    port: int
    pid: int  # of gunicorn's master
    ready_after: float  # seconds from the start to the first answer

    def workers(self) -> list[int]:
        return [int(pid) for pid in _read(f"/proc/{self.pid}/task/{self.pid}/children").split()]

    def memory(self) -> float:
        """Return the resident memory of the largest worker in MB."""
        return max((resident(pid) for pid in self.workers()), default=0.0)

    def cpu(self) -> float:
        """Return the seconds of CPU that the workers have taken, those that ended included."""
        # Behind the name, which may hold spaces: utime, stime, and the same of ended children.
        own = _read(f"/proc/{self.pid}/stat").rpartition(")")[2].split()[13:15]
        times = [
            _read(f"/proc/{pid}/stat").rpartition(")")[2].split()[11:13] for pid in self.workers()
        ]
        return sum(map(int, sum(times, own))) / _TICKS


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    found = re.search(r"VmRSS:\s+(\d+)", _read(f"/proc/{pid}/status"))
    return int(found[1]) / 1024 if found else 0.0


def _read(path: str) -> str:
    with suppress(OSError):  # a worker that has just been replaced
        return Path(path).read_text()
    return ""


@contextmanager
def serve(application: str, log: Path, arguments: tuple[str, ...] = (), **environment: str):
    """Run `application`; yield its Server. What it says goes to `log`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "FLASKY_BASE_URL": f"http://localhost:{port}",
        "FLASKY_QUEUE_FILE": str(log.with_suffix(".queue.sqlite")),
        "SECRET_KEY": "only for this measurement, and for nothing else",
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", *arguments]
    start = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, application],
            cwd=PROJECT,
            env=_SURROUNDINGS | settings | environment,
            stdout=output,
            stderr=output,
        )
    try:
        _wait(process, port, log)
        yield Server(port, process.pid, time.monotonic() - start)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(process: subprocess.Popen, port: int, log: Path) -> None:
    """Return once the server answers."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
            connection.request("GET", "/no-such-page")
            connection.getresponse().read()
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The server did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.02)
