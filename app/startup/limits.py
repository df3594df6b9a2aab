"""Flask-Limiter, which counts the requests of programs."""

from flask import Flask

from ..extensions import limiter


def init_app(app: Flask) -> None:
    # An extension that is off at the start cannot be switched on later, as tests do. So it is
    # always on, and asks the setting at each request (app/api/limits.py).
    is_on = app.config["RATELIMIT_ENABLED"]
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)
    app.config["RATELIMIT_ENABLED"] = is_on
