"""Telling the operator in plain words what is wrong with the database."""

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import DBAPIError

from ..care.database import explain
from ..extensions import db


class _SpeaksPlainly:
    """Mixed into commands: an error of the database is a sentence, not a stack trace."""

    def invoke(self, context):
        if not current_app:  # what checks the arguments asks the database as well
            app = context.ensure_object(ScriptInfo).load_app()
            context.with_resource(app.app_context())
        try:
            return super().invoke(context)
        except DBAPIError as error:
            raise click.ClickException(_sentence(error)) from None


def _sentence(error: DBAPIError) -> str:
    if error.statement is None:  # it was not even connected to
        url, setting = db.engine.url, current_app.config["FLASKY_DATABASE_SETTING"]
        return f"The database cannot be reached: {explain(error, url, setting)}"
    return (
        f"The database says: {str(error.orig).strip()}\n"
        "If it is new, or Flasky was updated, run: flask deploy"
    )


class Command(_SpeaksPlainly, click.Command):
    pass


class Group(_SpeaksPlainly, AppGroup):
    pass
