"""Flasky, a social blogging platform."""

from flask import Flask

from config import config

from . import startup
from .exceptions import ConfigurationError
from .extensions import db

__all__ = ["create_app", "db"]


def create_app(config_name: str) -> Flask:
    """Return the application, set up as the configuration of this name says.

    Raises ConfigurationError if the name is unknown or a setting makes a start unsafe.
    """
    app = Flask(__name__)
    settings = config.get(config_name)
    if settings is None:
        names = ", ".join(sorted(config))
        raise ConfigurationError(f"There is no configuration {config_name!r}; there are: {names}.")
    app.config.from_object(settings)
    settings.init_app(app)
    startup.init_app(app)
    return app
