"""What `flask worker` is made of: Huey's consumer, which also looks after the outbox."""

import logging
import time

from flask import Flask
from huey import Huey
from huey.consumer import Consumer, Scheduler
from sqlalchemy.exc import DBAPIError

from ..adapters.queues import QUEUE_ERRORS
from ..lib.absence import Absence
from .outbox import sweep
from .queue import queue_of, queue_url

_PATIENCE = 2  # seconds until a queue is asked again that could not be opened
_TO_FINISH = 25  # seconds for the job under way when the worker is told to end


def create_consumer(app: Flask) -> Consumer:
    """Return the worker of `app`; its `run()` lasts until a signal.

    Raises one of QUEUE_ERRORS when the file of the queue cannot be opened.
    """
    huey_log = logging.getLogger("huey")
    huey_log.setLevel(logging.WARNING)  # a line for each job is too much
    queue, absence = _open_queue(app), Absence(pause=0)
    for name in ("Worker", "Scheduler"):
        logging.getLogger(f"huey.consumer.{name}").addFilter(_QueueIsAway(absence))
    return _Consumer(
        queue,
        app=app,
        workers=1,
        periodic=False,  # recurring work is promised by the sweep
        max_delay=2,
        graceful_signal="TERM",
        shutdown_timeout=_TO_FINISH,
    )


def _open_queue(app: Flask) -> Huey:
    """Open the queue; wait for a server that is away, as the requests do without it meanwhile."""
    absence = Absence(pause=0)
    while True:
        try:
            return queue_of(app)
        except QUEUE_ERRORS as error:
            if queue_url(app) is None:
                raise
            if absence.begin():
                app.logger.warning("The worker waits: the queue is away (%s).", str(error).strip())
            time.sleep(_PATIENCE)


class _Consumer(Consumer):
    def __init__(self, queue, *, app: Flask, **options):
        self._app = app
        super().__init__(queue, **options)

    def _create_scheduler(self):
        return _Sweeper(self._app, self.huey, self.stop_flag, self.scheduler_interval, False)


class _Sweeper(Scheduler):
    """Huey's scheduler, which looks every second whether there is something to do."""

    def __init__(self, app: Flask, *arguments):
        super().__init__(*arguments)
        self._app, self._next_sweep = app, 0.0
        self._absence = Absence(pause=0)

    def loop(self, now=None):
        if time.monotonic() >= self._next_sweep:
            self._sweep()
            self._next_sweep = time.monotonic() + self._app.config["FLASKY_OUTBOX_INTERVAL"]
        super().loop(now)

    def _sweep(self) -> None:
        with self._app.app_context():
            try:
                sweep()
            except DBAPIError as error:
                if self._absence.begin():
                    self._app.logger.warning(
                        "The outbox waits: the database says: %s", str(error.orig).strip()
                    )


# What Huey says when the queue fails it: as it looks for work, and as it ends a job that has run.
_ABOUT_THE_QUEUE = ("Error reading", "Unhandled error during execution")


class _QueueIsAway(logging.Filter):
    """Let Huey say once a minute, in a line, that the queue is away; not each time it looks."""

    def __init__(self, absence: Absence):
        super().__init__()
        self._absence = absence

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info and record.exc_info[1]
        if not record.msg.startswith(_ABOUT_THE_QUEUE) or not isinstance(error, QUEUE_ERRORS):
            return True
        record.msg, record.args = "The queue is away: %s", (str(error).strip(),)
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return self._absence.begin()
