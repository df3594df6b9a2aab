"""Replicas of the database, and who has to read from the primary for a moment."""

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import event, inspect, make_url

from ..adapters.replicas import binds, has_replicas
from ..database import is_read_only
from ..exceptions import ConfigurationError
from ..extensions import db
from ..models import User
from .engine import engine_options


def init_app(app: Flask) -> None:
    # The session is one for all applications of the process.
    if not event.contains(db.session, "before_commit", _note_who_writes):
        event.listen(db.session, "before_commit", _note_who_writes)
    if not has_replicas(app):
        return
    urls = [app.config["SQLALCHEMY_DATABASE_URI"], *app.config["DATABASE_REPLICA_URLS"]]
    if any(make_url(url).get_backend_name() != "postgresql" for url in urls):
        raise ConfigurationError(
            "DATABASE_REPLICA_URLS names replicas of the PostgreSQL that DATABASE_URL names."
        )
    app.config["SQLALCHEMY_BINDS"] = binds(
        app.config["DATABASE_REPLICA_URLS"], engine_options(urls[0], app.config)
    )


def _note_who_writes(session) -> None:
    """Let the author of what is committed see it at once; see web/own_writes.py, kept_pages.py."""
    if not has_request_context():
        return
    if not (has_replicas(current_app) or current_app.config["FLASKY_KEPT_LISTS"]):
        return
    if is_read_only() or session.in_nested_transaction():
        return
    user = g.get("current_user") if request.blueprint == "api" else g.get("_login_user")
    if isinstance(user, User) and inspect(user).identity:
        User.note_write_of(inspect(user).identity[0])
