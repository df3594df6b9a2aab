"""Handing promises to the worker once they are committed."""

from flask import Flask
from sqlalchemy import event, inspect

from ..adapters.queues import check_queue_url
from ..extensions import db
from ..jobs.queue import enqueue, queue_url

_PROMISED = "promised_jobs"


def init_app(app: Flask) -> None:
    check_queue_url(queue_url(app))
    # The session is one for all applications of the process.
    if not event.contains(db.session, "after_commit", _keep):
        event.listen(db.session, "after_commit", _keep)
        event.listen(db.session, "after_rollback", _forget)


def _keep(session) -> None:
    if session.in_nested_transaction():  # a savepoint: nothing is certain yet
        return
    promised = map(inspect, session.info.pop(_PROMISED, []))
    # Those of a savepoint that was rolled back are not there.
    enqueue([job.identity[0] for job in promised if job.persistent])


def _forget(session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_PROMISED, None)
