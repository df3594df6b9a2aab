"""Counting requests, and answering those who watch the site whatever they call it."""

import time

from flask import Flask, current_app, g, request

from ..adapters.metrics import count_request
from ..database import begin_record, current_record


def init_app(app: Flask) -> None:
    app.wsgi_app = _AnyHost(app.wsgi_app)
    app.before_request(_begin)
    app.after_request(_count)


class _AnyHost:
    """Load balancers ask by address, not by name; what they are told holds no links."""

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        asks_for_figures = path == "/metrics" and "HTTP_AUTHORIZATION" in environ
        if path.startswith("/health/") or asks_for_figures:
            environ["HTTP_HOST"] = "localhost"
        return self._application(environ, start_response)


def _begin() -> None:
    g.began = time.perf_counter()
    settings = current_app.config
    records = settings["SQLALCHEMY_RECORD_QUERIES"]
    begin_record(settings["FLASKY_SLOW_DB_QUERY_TIME"] if records else None)


def _count(response):
    began = g.pop("began", None)
    asked = request._get_current_object()
    if began is not None and asked.blueprint != "ops":
        rule, record = asked.url_rule, current_record()
        count_request(
            rule and rule.rule,
            asked.method,
            response.status_code,
            time.perf_counter() - began,
            record.count if record else 0,
        )
    return response
