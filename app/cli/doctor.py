"""`flask doctor`: is everything there that the site needs?"""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from ..care.checkup import check_up
from ..care.finding import FAIL

_COLOURS = {"OK": "green", "WARN": "yellow", "FAIL": "red"}


@click.command()
@with_appcontext
def doctor():
    """Look at settings, database, mail, disk, clock and queue; one line each.

    Changes nothing and shows no secret. Exits with 1 when a line says FAIL. Settings that do not
    even allow a start end every command with one sentence, this one too.
    """
    worst = 0
    for finding in check_up(current_app._get_current_object()):
        state, rest = str(finding)[:4], str(finding)[4:]
        click.echo(click.style(state, fg=_COLOURS[finding.state]) + rest)
        worst |= finding.state == FAIL
    sys.exit(worst)
