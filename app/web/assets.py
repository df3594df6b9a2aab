"""Static files under addresses that change with their content, so browsers may keep them."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import current_app, url_for


def static_url(name: str) -> str:
    """Return the address of a file below static/."""
    path = Path(current_app.static_folder, name)
    return url_for("static", filename=name, v=_fingerprint(path, path.stat().st_mtime_ns))


def stylesheet_url() -> str:
    """Return the address of the one style sheet of the site."""
    return url_for("main.stylesheet", v=_digest(stylesheet_text().encode()))


def stylesheet_text() -> str:
    """Return the files that static/css/ORDER names, one after the other."""
    folder = Path(current_app.static_folder, "css")
    files = [folder / line for line in (folder / "ORDER").read_text().split()]
    return _joined(tuple(files), max(path.stat().st_mtime_ns for path in files))


@lru_cache(maxsize=4)
def _joined(files: tuple[Path, ...], _modified: int) -> str:
    return "\n".join(path.read_text() for path in files)


@lru_cache(maxsize=256)
def _fingerprint(path: Path, _modified: int) -> str:
    return _digest(path.read_bytes())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
