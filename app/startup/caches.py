"""What each process keeps of the pages it makes, and what all of them share."""

import hashlib
from pathlib import Path

from flask import Flask

from ..adapters.cache import SharedCache
from ..web.fragments import Kept
from ..web.kept_pages import KeptPages
from ..web.page_cache import PageCache


def init_app(app: Flask) -> None:
    # Whoever works on the templates wants to see what they say now.
    size = 0 if app.debug else app.config["FLASKY_KEPT_FRAGMENTS"]
    shared = _shared(app, url) if (url := app.config["REDIS_URL"]) else None
    app.extensions["fragments"] = Kept(size, shared if size else None)
    app.extensions["pages"] = KeptPages(app.config["FLASKY_KEPT_LISTS"])
    if seconds := app.config["FLASKY_PAGE_CACHE"]:
        app.wsgi_app = PageCache(app.wsgi_app, seconds, shared)


def _shared(app: Flask, url: str) -> SharedCache:
    """Return what this edition of this site shares."""
    site = (app.secret_key, app.config["SQLALCHEMY_DATABASE_URI"], edition(Path(app.root_path)))
    key = hashlib.sha256("\0".join(site).encode()).digest()
    return SharedCache(url, timeout=app.config["FLASKY_REDIS_TIMEOUT"], key=key)


def edition(folder: Path) -> str:
    """Return a digest of the program in `folder`: another one may render the same otherwise."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
