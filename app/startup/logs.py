"""The log: who asked, slow queries, no tokens, and nothing printed twice."""

import logging
from logging.handlers import SMTPHandler

from flask import Flask, current_app, g, has_request_context, request
from flask.logging import default_handler

from deploy.json_lines import JsonLines

from ..database import current_record
from ..lib import request_ids

_FOR_PEOPLE = default_handler.formatter


def init_app(app: Flask) -> None:
    # Flask gives its own handler to a logger that has none; with one of ours it would say
    # everything twice, had the record also gone up to a root logger that somebody set up.
    app.logger.propagate = not app.logger.handlers or app.testing
    if _complete not in app.logger.filters:
        app.logger.addFilter(_complete)
    _choose_format(app)
    app.before_request(_name_request)
    app.after_request(_tell_name)
    app.teardown_request(_forget_name)
    app.after_request(_log_slow_queries)


def _choose_format(app: Flask) -> None:
    """Write JSON where it is asked for; mails are for people in any case."""
    is_json = app.config["FLASKY_LOG_FORMAT"] == "json"
    for handler in app.logger.handlers:
        if is_json and not isinstance(handler, SMTPHandler):
            handler.setFormatter(JsonLines())
        elif isinstance(handler.formatter, JsonLines):  # Flask's own, of an earlier application
            handler.setFormatter(_FOR_PEOPLE)


def _complete(record: logging.LogRecord) -> bool:
    """Give the record its request, and take out of it what makes an address a secret.

    Flask writes the path of a request that failed, which may be that of a link from a mail.
    """
    record.request_id = request_ids.current()
    token = has_request_context() and (request.view_args or {}).get("token")
    if token:
        record.msg, record.args = record.getMessage().replace(token, "<token>"), ()
        if record.exc_info:
            text = logging.Formatter().formatException(record.exc_info)
            record.exc_text = text.replace(token, "<token>")
    return True


def _name_request() -> None:
    """Take the id that a proxy of ours gave, or make one."""
    name = (
        request.headers.get("X-Request-ID", "") if current_app.config["FLASKY_PROXY_HOPS"] else ""
    )
    g.request_id_before = request_ids.begin(
        name if request_ids.is_well_formed(name) else request_ids.make()
    )


def _tell_name(response):
    if "request_id_before" in g:
        response.headers["X-Request-ID"] = request_ids.current()
    return response


def _forget_name(_error) -> None:
    if "request_id_before" in g:
        request_ids.begin(g.pop("request_id_before"))


def _log_slow_queries(response):
    record = current_record()
    for query in record.slow if record else ():
        current_app.logger.warning(
            "Slow query: %s\nParameters: %d, left out\nDuration: %f s\nContext: %s %s, %s\n",
            query.statement,
            query.parameters,
            query.duration,
            request.method,
            request.endpoint,
            query.place,
        )
    return response
