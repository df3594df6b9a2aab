"""Telling the operator in plain words what is wrong with the database."""

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import DBAPIError


class _SpeaksPlainly:
    """Mixed into commands: an error of the database is a sentence, not a stack trace."""

    def invoke(self, context):
        if not current_app:  # what checks the arguments asks the database as well
            app = context.ensure_object(ScriptInfo).load_app()
            context.with_resource(app.app_context())
        try:
            return super().invoke(context)
        except DBAPIError as error:
            raise click.ClickException(
                f"The database says: {str(error.orig).strip()}\n"
                "If it is new, or Flasky was updated, run: flask deploy"
            ) from None


class Command(_SpeaksPlainly, click.Command):
    pass


class Group(_SpeaksPlainly, AppGroup):
    pass
