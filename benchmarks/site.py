"""What gunicorn serves in a benchmark: Flasky as in production, but for the limits on strangers.

    gunicorn --config deploy/gunicorn.conf.py benchmarks.site:app

BENCHMARK_SETTINGS, a JSON object, replaces further settings. A request with the header
X-Benchmark-Count is told in its answer how many statements it cost.
"""

import json
import os
from contextvars import ContextVar

from sqlalchemy import Engine, event

from app import create_app
from config import ProductionConfig, config

_HEADER = "X-Benchmark-Statements"
_NO_STATEMENT = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")
_statements: ContextVar[list | None] = ContextVar("statements", default=None)


class BenchmarkConfig(ProductionConfig):
    RATELIMIT_ENABLED = False  # all requests come from one address


config["benchmark"] = BenchmarkConfig
for name, value in json.loads(os.environ.get("BENCHMARK_SETTINGS") or "{}").items():
    setattr(BenchmarkConfig, name, value)


@event.listens_for(Engine, "before_cursor_execute")
def _count(_connection, _cursor, statement, _parameters, _context, _many):
    counted = _statements.get()
    if counted is not None and not statement.startswith(_NO_STATEMENT):
        counted.append(statement)


class Counting:
    """Counts statements where a request asks for it, and is out of the way of all others."""

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        if "HTTP_X_BENCHMARK_COUNT" not in environ:
            return self._application(environ, start_response)
        counted = []
        token = _statements.set(counted)

        def start(status, headers, *rest):
            return start_response(status, [*headers, (_HEADER, str(len(counted)))], *rest)

        try:
            return self._application(environ, start)
        finally:
            _statements.reset(token)


app = Counting(create_app("benchmark"))
