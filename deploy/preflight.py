"""What boot.sh has to know before it serves: `python -m deploy.preflight`.

Prints shell assignments for the settings of `.env` and for where to listen. Ends with one
sentence on the error output, and a status other than zero, when nobody could be served.
"""

import errno
import os
import shlex
import socket
from pathlib import Path
from urllib.parse import urlsplit

from deploy.environment import load_env_file, refuse_to_start

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
DEFAULT_PORT = 5000
PORTS_TO_TRY = 100


def main() -> None:
    given = set(os.environ)
    load_env_file(Path(".env").resolve())
    # The port of http://localhost:<port>; None for a site that is reached in another way.
    local_port = port_of_local_site(os.environ.get("FLASKY_BASE_URL", ""))
    host = os.environ.get("HOST") or "127.0.0.1"
    port = choose_port(os.environ.get("PORT")) or local_port or DEFAULT_PORT
    refuse_unless_free(host, port)

    os.environ |= {"HOST": host, "PORT": str(port)}
    if local_port and "PORT" in given and "FLASKY_BASE_URL" not in given:
        # `PORT=… ./boot.sh` moves a local site for once; the links in its mails move along.
        os.environ["FLASKY_BASE_URL"] = f"http://localhost:{port}"
    for name in sorted(set(os.environ) - given | {"HOST", "PORT"}):
        print(f"export {name}={shlex.quote(os.environ[name])}")
    print(f"site={shlex.quote(os.environ.get('FLASKY_BASE_URL') or f'http://localhost:{port}')}")


def port_of_local_site(site: str) -> int | None:
    """The port of a plain http address of this machine."""
    try:
        address = urlsplit(site)
        is_local = address.scheme == "http" and address.hostname in LOOPBACK
        return address.port if is_local else None
    except ValueError:
        refuse_to_start(
            f"FLASKY_BASE_URL={site} is not an address such as https://blog.example.org"
        )


def choose_port(asked: str | None) -> int | None:
    """The port that PORT asks for, if it asks for any."""
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and 1 <= int(asked) <= 65535):
        refuse_to_start(f"PORT={asked} is not a port. It takes a number from 1 to 65535.")
    return int(asked)


def refuse_unless_free(host: str, port: int) -> None:
    """End the program with a sentence when nobody could listen on `port`."""
    problem = try_to_listen(host, port)
    if problem is None:
        return
    if problem.errno == errno.EADDRINUSE:
        others = range(port + 1, min(port + PORTS_TO_TRY, 65536))
        free = next((other for other in others if try_to_listen(host, other) is None), "<number>")
        refuse_to_start(
            f"Port {port} is in use. Stop what uses it, or take another: PORT={free} ./boot.sh"
        )
    if problem.errno == errno.EACCES:
        refuse_to_start(f"Port {port} is not open to this user. Set PORT to a number from 1024 up.")
    refuse_to_start(f"Cannot listen on HOST={host}, PORT={port}: {problem.strerror}.")


def try_to_listen(host: str, port: int) -> OSError | None:
    """Why listening would fail, or None."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


if __name__ == "__main__":
    main()
