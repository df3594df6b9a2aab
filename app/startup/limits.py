"""Flask-Limiter, which counts the requests of programs."""

from urllib.parse import urlsplit

from flask import Flask

from ..adapters.redis import SCHEMES
from ..extensions import limiter


def init_app(app: Flask) -> None:
    # An extension that is off at the start cannot be switched on later, as tests do. So it is
    # always on, and asks the setting at each request (app/api/limits.py).
    is_on = app.config["RATELIMIT_ENABLED"]
    app.config["RATELIMIT_ENABLED"] = True
    if urlsplit(app.config["RATELIMIT_STORAGE_URI"]).scheme in SCHEMES:
        app.config["RATELIMIT_STORAGE_URI"] = f"patient+{app.config['RATELIMIT_STORAGE_URI']}"
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"timeout": app.config["FLASKY_REDIS_TIMEOUT"]}
    limiter.init_app(app)
    app.config["RATELIMIT_ENABLED"] = is_on
