"""The blueprints."""

from flask import Flask

from ..auth import auth
from ..main import main


def init_app(app: Flask) -> None:
    app.register_blueprint(main)
    app.register_blueprint(auth)
