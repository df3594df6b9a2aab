"""Figures for Prometheus."""

from datetime import timedelta

from flask import Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST

from ..adapters.metrics import exposition
from ..extensions import db
from ..queries.condition import jobs_waiting
from .blueprint import ops

_OVERDUE = timedelta(minutes=5)


@ops.get("/metrics")
def metrics():
    jobs = jobs_waiting(db.session.connection(), _OVERDUE)
    numbers = {"waiting": jobs.waiting, "parked": jobs.parked, "overdue": jobs.overdue}
    folder = current_app.config["PROMETHEUS_MULTIPROC_DIR"]
    return Response(exposition(folder, numbers), content_type=CONTENT_TYPE_LATEST)
