"""How connections to a database are made and kept: what the settings say, in its own words."""

from flask import Flask
from sqlalchemy import make_url

from ..database import AUTOCOMMIT


def init_app(app: Flask) -> None:
    options = engine_options(app.config["SQLALCHEMY_DATABASE_URI"], app.config)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        **options,
        **app.config["SQLALCHEMY_ENGINE_OPTIONS"],
    }
    app.config["SQLALCHEMY_BINDS"] = {
        **binds_without_transactions(app.config),
        **app.config.get("SQLALCHEMY_BINDS", {}),
    }


def binds_without_transactions(settings) -> dict[str, dict]:
    """Return what Flask-SQLAlchemy should be told to make an engine that opens no transactions.

    For what only reads, and for what one statement writes. On PostgreSQL each statement sees what
    is committed by then in any case (READ COMMITTED), and a BEGIN and a COMMIT would be two more
    ways there and back. To let the other connections do both takes longer than some statements.
    """
    url = settings["SQLALCHEMY_DATABASE_URI"]
    if make_url(url).get_backend_name() != "postgresql":
        return {}
    options = {**settings["SQLALCHEMY_ENGINE_OPTIONS"], "isolation_level": "AUTOCOMMIT"}
    return {AUTOCOMMIT: {"url": url, **options, "pool_reset_on_return": None}}


def engine_options(url: str, settings) -> dict:
    """Return what `create_engine` should be told for the database at `url`.

    SQLite needs nothing: how long it waits is set on each connection (app/database/connections.py).
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
