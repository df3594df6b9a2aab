"""The shipped nginx configuration, moved to free ports of this machine."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from tests.operations.site import PATIENCE, PROJECT, free_port, is_listening

_AROUND_IT = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def find_nginx() -> str:
    """Return the program; where there is none the test is skipped, or fails in CI."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        reason = "nginx is not installed (apt-get install nginx-light)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return program


class Nginx:
    """nginx before the site at `port_behind`; runs within the `with` block."""

    def __init__(self, folder: Path, port_behind: int):
        self._program, self._folder = find_nginx(), folder
        self.plain_port, self.port = free_port(), free_port()
        self._port_behind = port_behind
        self._write()

    def _write(self) -> None:
        certificate, key = self._folder / "fullchain.pem", self._folder / "privkey.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
            check=True, capture_output=True, timeout=PATIENCE,
        )  # fmt: skip
        text = (PROJECT / "deploy/nginx.conf").read_text()
        for here, there in (
            (r"(?m)^ *listen \[::\].*\n", ""),
            (r"listen 80\b", f"listen 127.0.0.1:{self.plain_port}"),
            (r"listen 443\b", f"listen 127.0.0.1:{self.port}"),
            (r"127\.0\.0\.1:5000", f"127.0.0.1:{self._port_behind}"),
            (r"/etc/letsencrypt/live/blog\.example\.org", str(self._folder)),
            (r"blog\.example\.org", "localhost"),
            (r"/srv/flasky", str(PROJECT)),
        ):
            text, number = re.subn(here, there, text)
            assert number, f"{here} is not in deploy/nginx.conf"
        (self._folder / "site.conf").write_text(text)
        user = "user root;" if os.geteuid() == 0 else ""
        around = _AROUND_IT.format(user=user, folder=self._folder)
        (self._folder / "nginx.conf").write_text(around)

    @property
    def _command(self) -> list[str]:
        return [self._program, "-c", str(self._folder / "nginx.conf"), "-p", str(self._folder)]

    def check(self) -> subprocess.CompletedProcess:
        """Let nginx itself say whether it understands the configuration."""
        return subprocess.run(
            [*self._command, "-t"], capture_output=True, text=True, timeout=PATIENCE
        )

    def __enter__(self):
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
        while not is_listening(self.port):
            assert time.monotonic() < deadline, (self._folder / "error.log").read_text()
            time.sleep(0.05)
        return self

    def __exit__(self, *_exception):
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)

    def open(self, timeout: float = PATIENCE) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            "localhost", self.port, timeout=timeout, context=trusting_everybody()
        )


def trusting_everybody() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
