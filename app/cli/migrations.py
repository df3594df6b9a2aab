"""Flask-Migrate's commands, which bring Alembic with them."""

from flask_migrate.cli import db

__all__ = ["db"]
