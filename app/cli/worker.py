"""`flask worker`: keep what was promised."""

import click
from flask import current_app
from flask.cli import with_appcontext

from ..jobs.consumer import create_consumer


@click.command()
@with_appcontext
def worker():
    """Send mails and do the other work that requests promised, until told to stop."""
    app = current_app._get_current_object()
    consumer = create_consumer(app)
    app.logger.info("The worker is ready.")
    consumer.run()
