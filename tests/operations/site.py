"""A copy of boot.sh in a directory of its own, with a small application in Flasky's place."""

import contextlib
import os
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds that a test waits for what takes one

APPLICATION = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Hello, Stranger!"]
"""

# The Python of the tests, except for three modules. venv makes an environment of just this. pip
# writes down what it should do, while there is a file for it. flask is a few lines of shell, for
# speed: `deploy` ends with the statuses that wait in a file and then with 0, and what is not
# known here is echoed.
PYTHON_SCRIPT = """#!/bin/sh
[ "${{1:-}}" = -m ] || exec {python} "$@"
case $2 in
    pip) [ -e pip.log ] || exec {python} "$@"; echo "$@" >>pip.log; exit ;;
    venv) mkdir -p venv/bin && cp "$0" venv/bin/python; exit ;;
    flask) shift 2 ;;
    *) exec {python} "$@" ;;
esac
case $1 in
    deploy) read -r status rest <deploy-statuses || :; echo "$rest" >deploy-statuses
            exit "${{status:-0}}" ;;
    test)   echo "$FLASK_CONFIG" ;;
    home)   echo "${{HOME-none}}" ;;
    worker) echo "the worker works"
            until [ -e end-the-worker ]; do command -p sleep 0.1; done; exit 7 ;;
    *)      printf '<%s>' "$@"; echo ;;
esac
""".format(python=shlex.quote(sys.executable))


class Site:
    """A place where boot.sh can run; by default one that is set up already."""

    def __init__(self, path):
        self.path = path
        self.bin = path.parent / "bin"
        self.bin.mkdir()
        shutil.copytree(PROJECT / "deploy", path / "deploy")
        shutil.copy(PROJECT / "boot.sh", path)
        (path / "flasky.py").write_text(APPLICATION)
        (path / "deploy-statuses").write_text("")
        (path / "requirements").mkdir()
        for name in ("common", "prod", "dev"):
            (path / "requirements" / f"{name}.txt").write_text("no-such-package==1\n")
        self.pip_log = path / "pip.log"
        self.pip_log.touch()
        self.script(path / "venv/bin/python", PYTHON_SCRIPT)
        self.mark_as_installed("dev")

    def mark_as_installed(self, *names):
        """Let boot.sh believe that venv/ was filled with these requirements, and no others."""
        for mark in self.path.glob("venv/.installed-*"):
            mark.unlink()
        sum_up = ["sh", "-c", "cat requirements/*.txt | cksum"]
        stamp = subprocess.check_output(sum_up, cwd=self.path)
        for name in names:
            (self.path / f"venv/.installed-{name}").write_bytes(stamp)

    def script(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def command(self, name, text):
        """Put a program called `name` before all others in the search path."""
        return self.script(self.bin / name, text)

    def environment(self, settings):
        """What a login gives, and `settings`; nothing of whatever configures the tests."""
        return {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "HOME": str(self.path.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
            **settings,
        }

    def boot(self, *arguments, cwd="/", **settings):
        """Run boot.sh to its end."""
        command = [self.path / "boot.sh", *arguments]
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=self.environment(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            output, errors = process.communicate(timeout=PATIENCE)
        finally:
            end_all(process)
        return subprocess.CompletedProcess(command, process.returncode, output, errors)

    def serve(self, **settings):
        """Start boot.sh as a server; see Server."""
        settings = {"WEB_CONCURRENCY": "1", "PORT": str(free_port()), **settings}
        log = self.path.parent / "server.log"
        return Server(self.path / "boot.sh", self.environment(settings), log)

    @property
    def env_mode(self):
        return stat.S_IMODE((self.path / ".env").stat().st_mode)


class Server:
    """boot.sh while it serves; ends with the `with` block."""

    def __init__(self, script, environment, log):
        self.port = int(environment["PORT"])
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [script],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        end_all(self.process)

    @property
    def text(self):
        return self.log.read_text()

    def wait_for(self, *texts):
        """Wait until the log holds all of `texts`."""
        wait_until(lambda: all(text in self.text for text in texts) or self.has_ended)
        missing = [text for text in texts if text not in self.text]
        assert not missing, f"{missing} never came:\n{self.text}"

    def get(self, path="/"):
        """What it answers, once it does."""
        wait_until(lambda: "Booting worker" in self.text or self.has_ended)
        address = f"http://localhost:{self.port}{path}"
        request = urllib.request.Request(address, headers={"Referer": address})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.read().decode()

    @property
    def has_ended(self):
        return self.process.poll() is not None

    def stop(self, signal_number=signal.SIGTERM):
        """Send the signal to boot.sh alone and return its exit status."""
        self.process.send_signal(signal_number)
        return self.process.wait(timeout=PATIENCE)


def end_all(process):
    """End what a test that went wrong would leave behind: `process` and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
