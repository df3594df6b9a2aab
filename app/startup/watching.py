"""Counting requests, and answering those who watch the site whatever they call it."""

import time

from flask import Flask, g, request
from flask_sqlalchemy.record_queries import get_recorded_queries

from ..adapters.metrics import count_request


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


def _count(response):
    began = g.pop("began", None)
    if began is not None and request.blueprint != "ops":
        rule = request.url_rule
        count_request(
            rule and rule.rule,
            request.method,
            response.status_code,
            time.perf_counter() - began,
            len(get_recorded_queries()),
        )
    return response
