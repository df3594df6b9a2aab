"""How connections to a database are made."""

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from app.database import trouble_with
from app.lib.database_errors import Trouble
from app.startup.engine import binds_without_transactions, engine_options
from config import Config
from tests.databases import new_database, server_at_hand

SETTINGS = {
    **vars(Config),
    "FLASKY_DATABASE_STATEMENT_TIMEOUT": 1,
    "FLASKY_DATABASE_LOCK_TIMEOUT": 1,
}
SLOW = {"postgresql": "SELECT pg_sleep(5)", "mariadb": "SELECT sleep(5) FROM mysql.user"}


@pytest.fixture(params=["postgresql", "mariadb"])
def kind(request):
    return request.param


@pytest.fixture
def engine(kind):
    with new_database(server_at_hand(kind)) as url:
        engine = create_engine(url, **engine_options(url, SETTINGS))
        yield engine
        engine.dispose()


def test_sqlite_needs_nothing():
    assert engine_options("sqlite://", SETTINGS) == {}


def test_connections_are_set_up_as_the_settings_say(engine, kind):
    questions = {
        "postgresql": {
            "SHOW statement_timeout": "1s",
            "SHOW lock_timeout": "1s",
            "SHOW idle_in_transaction_session_timeout": "30s",
            "SHOW transaction_isolation": "read committed",
        },
        "mariadb": {
            "SELECT @@max_statement_time": 1,
            "SELECT @@innodb_lock_wait_timeout": 1,
            "SELECT @@idle_transaction_timeout": 30,
            "SELECT @@tx_isolation": "READ-COMMITTED",
            "SELECT @@character_set_client": "utf8mb4",
        },
    }
    with engine.connect() as connection:
        for question, answer in questions[kind].items():
            assert connection.exec_driver_sql(question).scalar() == answer
    assert engine.pool.size() == Config.FLASKY_DATABASE_POOL_SIZE


def test_a_statement_that_takes_too_long_is_given_up(engine, kind):
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.exec_driver_sql(SLOW[kind])
    assert trouble_with(caught.value) is Trouble.AWAY


def test_nobody_waits_for_a_lock_for_ever(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    with engine.connect() as holder, engine.connect() as other:
        holder.exec_driver_sql("SELECT * FROM t WHERE id = 1 FOR UPDATE")
        with pytest.raises(DBAPIError) as caught:
            other.exec_driver_sql("SELECT * FROM t WHERE id = 1 FOR UPDATE")
    assert trouble_with(caught.value) is Trouble.AWAY


def test_the_application_uses_these_settings(make_app):
    app = make_app(SQLALCHEMY_DATABASE_URI="postgresql+psycopg://127.0.0.1/x")
    options = app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options["connect_args"]["connect_timeout"] == 5
    assert app.config["SQLALCHEMY_BINDS"]["autocommit"]["connect_args"] == options["connect_args"]


def test_an_engine_for_single_statements_opens_no_transaction_on_postgresql():
    with new_database(server_at_hand("postgresql")) as url:
        settings = {
            **SETTINGS,
            "SQLALCHEMY_DATABASE_URI": url,
            "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url, SETTINGS),
        }
        used = {
            "any": create_engine(url),
            "autocommit": create_engine(**binds_without_transactions(settings)["autocommit"]),
        }
        statuses = {}
        for name, engine in used.items():
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
                statuses[name] = connection.connection.dbapi_connection.info.transaction_status.name
            engine.dispose()
    assert statuses == {"any": "INTRANS", "autocommit": "IDLE"}


def test_other_databases_have_one_engine_for_all():
    assert binds_without_transactions({"SQLALCHEMY_DATABASE_URI": "sqlite://"}) == {}


def _backend(connection):
    return connection.connection.dbapi_connection.info.backend_pid


def test_a_connection_that_was_lost_while_nobody_used_it_is_replaced(monkeypatch):
    monkeypatch.setattr("app.database.connections._IDLE", 0)
    with new_database(server_at_hand("postgresql")) as url:
        engine, other = create_engine(url), create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            lost = _backend(connection)
        with other.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({lost}, 5000)")
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1
            assert _backend(connection) != lost
        engine.dispose()
        other.dispose()
