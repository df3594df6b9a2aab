"""`flask worker`: keep what was promised."""

import logging

import click
from flask import current_app
from flask.cli import with_appcontext

from ..jobs.queue import queue_of


@click.command()
@with_appcontext
def worker():
    """Send mails and do the other work that requests promised, until told to stop."""
    logging.getLogger("huey").setLevel(logging.WARNING)  # a line for each job is too much
    app = current_app._get_current_object()
    app.logger.info("The worker is ready.")
    queue_of(app).create_consumer(workers=1, periodic=True, max_delay=2).run()
