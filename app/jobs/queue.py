"""The queue between those who promise and the worker who keeps the promises.

It holds no more than the ids of jobs, and may lose them: the outbox (app/jobs/outbox.py) knows
better, and queues again whatever is due.
"""

from flask import Flask, current_app
from huey import Huey
from sqlalchemy.exc import DBAPIError

from ..adapters.queues import QUEUE_ERRORS, open_queue
from ..lib.absence import Absence
from .runner import run

_PAUSE = 2  # seconds that nobody asks a queue again which did not answer


def queue_of(app: Flask) -> Huey:
    """Return the queue of `app`; it is opened when somebody needs it first."""
    if "queue" not in app.extensions:
        app.extensions["queue"] = _create_queue(app)
    return app.extensions["queue"]


def queue_url(app: Flask) -> str | None:
    """Return where the queue of `app` is, unless it is in a file."""
    return app.config["FLASKY_QUEUE_URL"] or app.config["REDIS_URL"]


def _create_queue(app: Flask) -> Huey:
    """Return a queue with its one task, which runs a promised job by its id."""
    config = app.config
    url, file = queue_url(app), config["FLASKY_QUEUE_FILE"]
    queue = open_queue(url, file, timeout=config["FLASKY_REDIS_TIMEOUT"])
    if url is None and file is None:
        queue.immediate = config["FLASKY_JOBS_AT_ONCE"]

    @queue.task(name="run_job")
    def run_job(job_id: int) -> None:
        with app.app_context():
            try:
                run(job_id)
            except DBAPIError as error:
                app.logger.warning("Job %d waits: the database says: %s", job_id, error.orig)

    queue.run_job = run_job
    return queue


def absence_of_queue(app: Flask) -> Absence:
    """Return what is known in this process about the queue being away."""
    return app.extensions.setdefault("queue_absence", Absence(pause=_PAUSE))


def enqueue(job_ids: list[int]) -> None:
    """Hand committed promises to the worker. If that fails they wait in the outbox."""
    app = current_app._get_current_object()
    absence = absence_of_queue(app)
    if not job_ids or absence.lasts():
        return
    try:
        queue = queue_of(app)
        for job_id in job_ids:
            queue.run_job(job_id)
    except QUEUE_ERRORS as error:
        if absence.begin():
            app.logger.warning("Jobs wait in the outbox: the queue is away (%s).", error)
    else:
        if absence.end():
            app.logger.info("The queue is back.")
