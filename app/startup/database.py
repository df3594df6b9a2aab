"""Telling the database which requests only read."""

from flask import Flask, current_app, request

from ..database import begin_read_only

_SAFE = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    app.before_request(_declare)
    app.teardown_request(_forget)


def _declare() -> None:
    view = current_app.view_functions.get(request.endpoint)
    may_write = request.method not in _SAFE or getattr(view, "writes_on_get", False)
    begin_read_only(not may_write)


def _forget(_error) -> None:
    begin_read_only(False)
