"""The log: slow queries, and nothing printed twice."""

from flask import Flask, current_app, request
from flask_sqlalchemy.record_queries import get_recorded_queries


def init_app(app: Flask) -> None:
    # Flask gives its own handler to a logger that has none; with one of ours it would say
    # everything twice, had the record also gone up to a root logger that somebody set up.
    app.logger.propagate = not app.logger.handlers or app.testing
    app.after_request(_log_slow_queries)


def _log_slow_queries(response):
    slow = current_app.config["FLASKY_SLOW_DB_QUERY_TIME"]
    for query in get_recorded_queries() if current_app.config["SQLALCHEMY_RECORD_QUERIES"] else ():
        if query.duration >= slow:
            current_app.logger.warning(
                "Slow query: %s\nParameters: %d, left out\nDuration: %f s\nContext: %s %s, %s\n",
                query.statement,
                len(query.parameters or ()),
                query.duration,
                request.method,
                request.endpoint,
                query.location,
            )
    return response
