"""Where the requests of programs are counted."""

from urllib.parse import urlsplit

from flask import Flask
from limits.storage import storage_from_string

from ..adapters.redis import SCHEMES


def init_app(app: Flask) -> None:
    address, options = app.config["RATELIMIT_STORAGE_URI"], {}
    if urlsplit(address).scheme in SCHEMES:
        address, options = f"patient+{address}", {"timeout": app.config["FLASKY_REDIS_TIMEOUT"]}
    app.extensions["counters"] = storage_from_string(address, **options)
