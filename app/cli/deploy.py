"""`flask deploy`: bring database and roles to what this release needs."""

import sys

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from ..extensions import db
from ..models import Role, User

_TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: boot.sh waits and tries again


@click.command()
@with_appcontext
def deploy():
    """Upgrade the database, create the roles. May be repeated at any time.

    Exits with 75 when the database cannot be reached.
    """
    try:
        db.session.connection()
        db.session.rollback()
    except OperationalError as error:
        click.echo(f"The database cannot be reached: {error.orig}", err=True)
        sys.exit(_TRY_AGAIN)
    upgrade()
    Role.insert_roles()
    User.add_self_follows()
    db.session.commit()
    click.echo("The database is up to date and the roles are in place.")
