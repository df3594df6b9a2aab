"""Binding the extensions to the application."""

from flask import Flask

from ..extensions import csrf, db, mail, migrate, moment, pagedown
from ..web.dates import LocalMoment
from ..web.editor import LocalPageDown


def init_app(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    mail.init_app(app)
    csrf.init_app(app)
    moment.init_app(app)
    pagedown.init_app(app)
    app.extensions["moment"] = LocalMoment
    app.extensions["pagedown"] = LocalPageDown()
