"""The blueprints."""

from flask import Flask

from ..api import api, describe
from ..auth import auth
from ..extensions import csrf
from ..main import main


def init_app(app: Flask) -> None:
    app.register_blueprint(main)
    app.register_blueprint(auth)
    csrf.exempt(api)  # no cookie opens anything there, so nobody else's page can use one
    describe(app)
