"""Binding the extensions to the application."""

from pathlib import Path

from flask import Flask

from ..extensions import csrf, db, mail, migrate, moment, pagedown
from ..queries.kept import KeptAnswers
from ..web.dates import LocalMoment
from ..web.editor import LocalPageDown


def init_app(app: Flask) -> None:
    db.init_app(app)
    for key in filter(None, list(db.metadatas)):
        del db.metadatas[key]  # further engines lead to the same tables, for reading
    app.extensions["answers"] = KeptAnswers(app.config["FLASKY_KEPT_TOTALS"])
    # By its full path: a command may be given from anywhere.
    migrate.init_app(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    mail.init_app(app)
    csrf.init_app(app)
    moment.init_app(app)
    pagedown.init_app(app)
    app.extensions["moment"] = LocalMoment
    app.extensions["pagedown"] = LocalPageDown()
