"""Binding the extensions to the application."""

from functools import partial
from importlib import import_module
from pathlib import Path

from flask import Flask
from werkzeug.local import LocalProxy

from ..extensions import csrf, db, mail, moment, pagedown
from ..queries.kept import KeptAnswers
from ..web.dates import LocalMoment
from ..web.editor import LocalPageDown
from ..web.json_answers import AnswersJSON


def init_app(app: Flask) -> None:
    app.json = AnswersJSON(app)
    _init_database(app)
    for key in filter(None, list(db.metadatas)):
        del db.metadatas[key]  # further engines lead to the same tables, for reading
    app.extensions["answers"] = KeptAnswers(app.config["FLASKY_KEPT_TOTALS"])
    app.extensions["migrate"] = LocalProxy(partial(_migrate, app))
    mail.init_app(app)
    csrf.init_app(app)
    moment.init_app(app)
    pagedown.init_app(app)
    app.extensions["moment"] = LocalMoment
    app.extensions["pagedown"] = LocalPageDown()


def _init_database(app: Flask) -> None:
    """Let Flask-SQLAlchemy make its engines, and record nothing: database/recording.py does."""
    recorded = app.config["SQLALCHEMY_RECORD_QUERIES"]
    app.config["SQLALCHEMY_RECORD_QUERIES"] = False
    db.init_app(app)
    app.config["SQLALCHEMY_RECORD_QUERIES"] = recorded


def _migrate(app: Flask):
    """Return what Flask-Migrate keeps of the application.

    It is loaded for the commands that ask: Alembic takes a tenth of a start, and no page needs it.
    """
    migrate = import_module("flask_migrate").Migrate(render_as_batch=True, compare_type=True)
    # By its full path: a command may be given from anywhere.
    migrate.init_app(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    return app.extensions["migrate"]
