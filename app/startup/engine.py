"""How connections to a database are made and kept: what the settings say, in its own words."""

from flask import Flask
from sqlalchemy import make_url


def init_app(app: Flask) -> None:
    options = engine_options(app.config["SQLALCHEMY_DATABASE_URI"], app.config)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        **options,
        **app.config["SQLALCHEMY_ENGINE_OPTIONS"],
    }


def engine_options(url: str, settings) -> dict:
    """Return what `create_engine` should be told for the database at `url`.

    SQLite needs nothing: how long it waits is set on each connection (app/database.py).
    """
    arguments = _CONNECT_ARGUMENTS.get(make_url(url).get_backend_name())
    if arguments is None:
        return {}
    return {
        "connect_args": arguments(settings),
        "pool_size": settings["FLASKY_DATABASE_POOL_SIZE"],
        "pool_timeout": settings["FLASKY_DATABASE_CONNECT_TIMEOUT"],
        # MariaDB would show a transaction the past, and lock the gaps between rows.
        "isolation_level": "READ COMMITTED",
    }


def _for_postgresql(settings) -> dict:
    limits = {
        "statement_timeout": settings["FLASKY_DATABASE_STATEMENT_TIMEOUT"],
        "lock_timeout": settings["FLASKY_DATABASE_LOCK_TIMEOUT"],
        "idle_in_transaction_session_timeout": settings["FLASKY_DATABASE_IDLE_TIMEOUT"],
    }
    return {
        "connect_timeout": settings["FLASKY_DATABASE_CONNECT_TIMEOUT"],
        "options": " ".join(f"-c {name}={1000 * limit}" for name, limit in limits.items()),
        # A host that vanishes sends no farewell: what it does not acknowledge is lost after this.
        "tcp_user_timeout": 1000 * settings["FLASKY_DATABASE_STATEMENT_TIMEOUT"],
    }


def _for_mariadb(settings) -> dict:
    statement = settings["FLASKY_DATABASE_STATEMENT_TIMEOUT"]
    # Between /*M! and */ stands what MariaDB alone runs, between /*!50708 and */ MySQL alone:
    # MariaDB passes over the numbers 50700 to 99999.
    command = (
        f"SET SESSION innodb_lock_wait_timeout = {settings['FLASKY_DATABASE_LOCK_TIMEOUT']}"
        f" /*M!100301 , max_statement_time = {statement}"
        f", idle_transaction_timeout = {settings['FLASKY_DATABASE_IDLE_TIMEOUT']} */"
        f" /*!50708 , max_execution_time = {1000 * statement} */"
    )
    return {
        "connect_timeout": settings["FLASKY_DATABASE_CONNECT_TIMEOUT"],
        "init_command": command,
    }


_CONNECT_ARGUMENTS = {"postgresql": _for_postgresql, "mysql": _for_mariadb}
