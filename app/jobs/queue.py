"""The queue between those who promise and the worker who keeps the promises."""

import sqlite3

from flask import Flask, current_app
from huey import Huey, MemoryHuey, SqliteHuey
from huey.exceptions import HueyException

from ..extensions import db
from ..models import later
from .runner import due, run
from .schedule import RECURRING, REQUEUE


def queue_of(app: Flask) -> Huey:
    """Return the queue of `app`; it is opened when somebody needs it first."""
    if "queue" not in app.extensions:
        app.extensions["queue"] = _create_queue(app)
    return app.extensions["queue"]


def _create_queue(app: Flask) -> Huey:
    """Return a queue with one task that runs a promised job by its id, and the recurring ones."""
    filename = app.config["FLASKY_QUEUE_FILE"]
    if filename is None:
        queue = MemoryHuey("flasky", immediate=app.config["FLASKY_JOBS_AT_ONCE"])
    else:
        queue = SqliteHuey("flasky", filename=filename, results=False)

    @queue.task(name="run_job")
    def run_job(job_id: int) -> None:
        with app.app_context():
            run(job_id)

    @queue.periodic_task(REQUEUE, name="requeue")
    def requeue() -> None:
        with app.app_context():
            for job_id in due():
                run_job(job_id)

    for name, when in RECURRING:
        _promise_regularly(app, queue, name, when)
    queue.run_job = run_job
    return queue


def _promise_regularly(app: Flask, queue: Huey, name: str, when) -> None:
    @queue.periodic_task(when, name=f"promise {name}")
    def promise() -> None:
        with app.app_context():
            later(name)
            db.session.commit()


def enqueue(job_ids: list[int]) -> None:
    """Hand committed promises to the worker. If that fails they wait for `requeue`."""
    for job_id in job_ids:
        try:
            queue_of(current_app._get_current_object()).run_job(job_id)
        except (HueyException, OSError, sqlite3.Error) as error:
            current_app.logger.warning("Job %d waits: the queue is away (%s).", job_id, error)
