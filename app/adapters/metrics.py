"""Figures for Prometheus.

With PROMETHEUS_MULTIPROC_DIR, which deploy/gunicorn.conf.py sets, the figures of all processes of
the web server are kept in files there, and each of them can tell the sum.
"""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_OWN = CollectorRegistry()
_REQUESTS = Counter(
    "flasky_requests",
    "Requests that were answered.",
    ["route", "method", "status"],
    registry=_OWN,
)
_SECONDS = Histogram(
    "flasky_request_seconds",
    "Time from the beginning of a request until its answer, without sending it.",
    ["method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_OWN,
)
_STATEMENTS = Counter(
    "flasky_statements", "Statements that requests sent to the database.", ["route"], registry=_OWN
)


def count_request(
    route: str | None, method: str, status: int, seconds: float, statements: int
) -> None:
    """Note a request; `route` is the rule of its address, None for an address that has none."""
    answered, took, sent = _figures(
        route or "none", method if method in _METHODS else "other", status
    )
    answered.inc()
    took.observe(seconds)
    sent.inc(statements)


@cache
def _figures(route: str, method: str, status: int) -> tuple:
    """Return what counts such requests; looking for it takes longer than counting."""
    return (
        _REQUESTS.labels(route, method, status),
        _SECONDS.labels(method),
        _STATEMENTS.labels(route),
    )


def exposition(folder: str | None, jobs: dict[str, int]) -> bytes:
    """Return all figures in Prometheus' text format.

    `folder` is where the processes of this server keep theirs, None if this is the only one;
    `jobs` how many there are in each state.
    """
    registry = CollectorRegistry()
    registry.register(_Jobs(jobs))
    if folder:
        MultiProcessCollector(registry, path=folder)
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(_OWN)


class _Jobs(Collector):
    def __init__(self, jobs: dict[str, int]):
        self._jobs = jobs

    def collect(self):
        family = GaugeMetricFamily("flasky_jobs", "Jobs that are not done.", labels=["state"])
        for state, number in self._jobs.items():
            family.add_metric([state], number)
        yield family
