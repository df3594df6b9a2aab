"""`flask backup`, `flask restore` and `flask db-move`: the whole site, taken along."""

import sys
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from ..adapters.storage import storage_of
from ..care.backup import back_up
from ..care.move import move
from ..care.restore import restore as restore_site
from ..exceptions import OperationFailed
from ..extensions import db
from .failures import Command

_FILE = click.Path(dir_okay=False, path_type=Path)


@contextmanager
def show_progress(label: str, length: int):
    """Draw a bar where somebody can see it, and leave the standard output to the answer."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


@contextmanager
def told_plainly():
    try:
        yield
    except OperationFailed as error:
        raise click.ClickException(str(error)) from None


def _scripts() -> str:
    return current_app.extensions["migrate"].directory


def _uploads():
    return storage_of(current_app._get_current_object())


def _sum(manifest: dict) -> str:
    rows = sum(content["rows"] for content in manifest["tables"].values())
    return f"{rows:,} rows and {len(manifest['uploads']):,} uploads, content {manifest['hash']}"


@click.command(cls=Command)
@click.argument("file", type=_FILE)
@with_appcontext
def backup(file):
    """Write database and uploads to the new FILE, while the site goes on.

    The file holds addresses and hashes of passwords; only its owner may read it. What is in .env
    is not in it.
    """
    with told_plainly():
        manifest = back_up(
            file.absolute(),
            db.engine,
            db.metadata,
            _uploads(),
            _scripts(),
            progress=show_progress,
        )
    click.echo(f"{file} holds {_sum(manifest)}.")


@click.command(cls=Command)
@click.argument("file", type=_FILE)
@click.option("--verify/--no-verify", default=True, help="Compare the result with the backup.")
@click.option("--replace", is_flag=True, help="Remove what is there. It cannot be had back.")
@with_appcontext
def restore(file, verify, replace):
    """Bring the site in FILE back, and see that it is the same.

    Stop the site first. Refuses where anything is there already, unless --replace is given.
    """
    with told_plainly():
        manifest = restore_site(
            file.absolute(),
            db.engine,
            db.metadata,
            _uploads(),
            replace=replace,
            verify=verify,
            progress=show_progress,
        )
    click.echo(f"Restored {_sum(manifest)}{', and found it the same' if verify else ''}.")
    click.echo("Now run: flask deploy")


def _url(_context, _parameter, text: str) -> URL:
    """Return the address of a database, with the driver that we install."""
    if text == "-":
        text = click.prompt("Address of the database", hide_input=True, err=True)
    try:
        url = make_url(text)
    except ArgumentError:
        raise click.BadParameter(
            "expected sqlite:////path, postgresql://… or mysql+pymysql://…"
        ) from None
    drivers = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
    drivers |= {"mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
    url = url.set(drivername=drivers.get(url.drivername, url.drivername))
    try:
        url.get_dialect().import_dbapi()
    except NoSuchModuleError:
        raise click.BadParameter(f"there is no database called {url.drivername}.") from None
    except ImportError as error:
        raise click.BadParameter(
            f"it takes the package {error.name}. Run: pip install -r requirements/prod.txt"
        ) from None
    return url


@click.command("db-move", cls=Command)
@click.argument("url", callback=_url)
@with_appcontext
def db_move(url):
    """Copy all rows to the empty database at URL, and see that they are the same.

    Stop the site first: what is written meanwhile stays behind. With "-" for the URL it is asked
    for, so that its password stays out of the list of processes.
    """
    with told_plainly():
        summary = move(db.engine, url, db.metadata, _scripts(), progress=show_progress)
    rows = sum(content["rows"] for content in summary["tables"].values())
    setting = current_app.config["FLASKY_DATABASE_SETTING"]
    click.echo(f"Copied {rows:,} rows, and found them the same: {summary['hash']}.")
    click.echo(f"Now set {setting} to the new address, and start the site.")
