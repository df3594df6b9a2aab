"""Telling the database which requests only read."""

from flask import Flask, current_app, request

from ..adapters.replicas import fit_replica
from ..database import begin_act, begin_read_only, read_from

_SAFE = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    app.before_request(_declare)
    app.teardown_request(_forget)


def _declare() -> None:
    app, asked = current_app._get_current_object(), request._get_current_object()
    view = app.view_functions.get(asked.endpoint)
    may_write = asked.method not in _SAFE or getattr(view, "writes_on_get", False)
    by_statements = getattr(view, "writes_by_statements", False)
    begin_read_only(not may_write, by_statements=by_statements)
    begin_act()
    # What is about accounts has to be true at this moment.
    may_lag = not may_write and asked.blueprint != "auth" and asked.endpoint != "static"
    read_from(fit_replica(app) if may_lag else None)


def _forget(_error) -> None:
    begin_read_only(False)
    read_from(None)
