"""Static files under addresses that change with their content, so browsers may keep them."""

import hashlib
from functools import lru_cache, wraps
from pathlib import Path

from flask import current_app, request, url_for


def _found_once(find):
    """Let `find` look at the files once; always, where somebody works on them."""

    @wraps(find)
    def found(*names: str) -> str:
        if current_app.debug or current_app.testing:
            return find(*names)
        known = current_app.extensions.setdefault("static_urls", {})
        key = (request.script_root, *names)
        if key not in known:
            known[key] = find(*names)
        return known[key]

    return found


@_found_once
def static_url(name: str) -> str:
    """Return the address of a file below static/."""
    path = Path(current_app.static_folder, name)
    return url_for("static", filename=name, v=_fingerprint(path, path.stat().st_mtime_ns))


@_found_once
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
