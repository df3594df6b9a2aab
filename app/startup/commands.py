"""The commands of `flask`, and what its shell knows."""

from flask import Flask

from ..cli import Commands
from ..extensions import db
from ..models import Comment, Follow, Permission, Post, Role, User


def init_app(app: Flask) -> None:
    app.cli = Commands(app.name, commands=app.cli.commands)
    app.shell_context_processor(_shell_context)


def _shell_context() -> dict:
    return {
        "db": db,
        "User": User,
        "Follow": Follow,
        "Role": Role,
        "Permission": Permission,
        "Post": Post,
        "Comment": Comment,
    }
