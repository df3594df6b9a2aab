"""The blueprints."""

from collections.abc import Callable

from flask import Flask

from ..api import api
from ..auth import auth
from ..extensions import csrf
from ..main import main
from ..ops import ops


def init_app(app: Flask) -> None:
    # Nothing of ours is asynchronous. Flask would look at every hook and view, for each request.
    app.ensure_sync = _as_it_is
    app.register_blueprint(main)
    app.register_blueprint(auth)
    app.register_blueprint(api)
    app.register_blueprint(ops)
    csrf.exempt(api)  # no cookie opens anything there, so nobody else's page can use one


def _as_it_is(function: Callable) -> Callable:
    return function
