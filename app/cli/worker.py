"""`flask worker`: keep what was promised."""

import click
from flask import current_app
from flask.cli import with_appcontext

from ..adapters.queues import QUEUE_ERRORS
from ..jobs.consumer import create_consumer


@click.command()
@with_appcontext
def worker():
    """Send mails and do the other work that requests promised, until told to stop."""
    app = current_app._get_current_object()
    try:
        consumer = create_consumer(app)
    except QUEUE_ERRORS as error:
        raise click.ClickException(
            f"The queue cannot be opened: {error}. See FLASKY_QUEUE_FILE."
        ) from None
    app.logger.info("The worker is ready.")
    consumer.run()
