"""`flask deploy`: bring database and roles to what this release needs."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from ..care.database import explain
from ..database import repeated
from ..extensions import db
from ..models import Role, User
from ..models.landmark import set_landmarks

_TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: boot.sh waits and tries again


@click.command()
@with_appcontext
def deploy():
    """Upgrade the database, create the roles. May be repeated at any time.

    Exits with 75 when the server of the database cannot be reached, which may pass.
    """
    try:
        db.session.connection()
        db.session.rollback()
    except OperationalError as error:
        url, setting = db.engine.url, current_app.config["FLASKY_DATABASE_SETTING"]
        click.echo(f"The database cannot be reached: {explain(error, url, setting)}", err=True)
        # A file that cannot be opened now cannot be in five seconds either, unless it is in use.
        will_stay = db.engine.name == "sqlite" and "locked" not in str(error.orig)
        sys.exit(1 if will_stay else _TRY_AGAIN)
    upgrade()
    # Several machines may deploy at once.
    _do(Role.insert_roles)
    _do(_add_self_follows)
    _do(_set_landmarks)
    click.echo("The database is up to date and the roles are in place.")


def _do(act) -> None:
    tries = current_app.config["FLASKY_DATABASE_TRIES"]
    repeated(act, undo=db.session.rollback, tries=tries)


def _set_landmarks() -> None:
    set_landmarks()
    db.session.commit()


def _add_self_follows() -> None:
    User.add_self_follows()
    db.session.commit()
