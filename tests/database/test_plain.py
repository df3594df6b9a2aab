"""Statements that go to the driver as they are find what SQLAlchemy would find."""

import psycopg
import pytest
from sqlalchemy import bindparam, create_engine, insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from app.database import trouble_with
from app.database.plain import Plan, fetch, perform, plan_of
from app.extensions import db
from app.lib.database_errors import Trouble
from app.models import Role, User
from app.startup.engine import engine_options
from config import Config
from tests.databases import new_database, server_at_hand

USERS, ROLES = User.__table__, Role.__table__
NAMED = select(USERS).where(USERS.c.username == bindparam("name"))


def ask(statement, engine=None, **values):
    engine = engine or db.engine
    return fetch(engine, plan_of(statement, engine.dialect), values)


def test_rows_hold_what_sqlalchemy_would_give(ann):
    ann.about_me = "100 % Ann"
    db.session.commit()
    (row,) = ask(NAMED, name="ann")
    same = db.session.execute(NAMED, {"name": "ann"}).one()
    assert row == tuple(same)
    assert list(map(type, row)) == list(map(type, same))
    assert row.member_since == ann.member_since
    assert row.confirmed is True


def test_a_value_that_nobody_gave_is_missed(app):
    with pytest.raises(KeyError):
        ask(NAMED)


def test_values_that_a_statement_does_not_know_are_left_out(app):
    assert ask(NAMED, name="nobody", other=1) == []


def test_columns_of_the_same_name_keep_their_places(ann):
    both = select(USERS.c.id, ROLES.c.id).join(ROLES, ROLES.c.id == USERS.c.role_id)
    assert list(map(tuple, ask(both))) == [(ann.id, ann.role_id)]


def test_a_list_of_values_makes_another_text_each_time():
    several = select(USERS.c.id).where(USERS.c.id.in_(bindparam("ids", expanding=True)))
    assert not Plan(several, create_engine("sqlite://").dialect).is_fixed
    assert Plan(NAMED, create_engine("sqlite://").dialect).is_fixed


def test_who_listens_hears_of_each_statement(ann, statements):
    with statements() as seen:
        ask(NAMED, name="ann")
    assert len(seen) == 1


def test_what_the_database_refuses_is_told_as_sqlalchemy_tells_it(app):
    missing = select(literal(1)).select_from(text("no_such_table"))
    with pytest.raises(DBAPIError) as caught:
        ask(missing)
    assert isinstance(caught.value, (OperationalError, ProgrammingError))
    assert not caught.value.connection_invalidated


# --- Writing ------------------------------------------------------------------------------

ADDING = insert(ROLES).values(name=bindparam("role_name"), permissions=bindparam("permissions"))


def test_what_is_performed_is_part_of_the_transaction(ann, statements):
    rename = update(USERS).where(USERS.c.id == bindparam("user_id")).values(name=bindparam("new"))
    values = {"user_id": ann.id, "new": "Ann of Flasky"}
    with statements() as seen:
        done = perform(db.session.connection(), rename, values)
    assert (done.rowcount, len(seen)) == (1, 1)
    db.session.refresh(ann)
    assert ann.name == "Ann of Flasky"
    db.session.rollback()
    assert ann.name is None


def test_a_new_row_gets_the_defaults_of_its_model(app):
    perform(db.session.connection(), ADDING, {"role_name": "Guest", "permissions": 1})
    assert db.session.scalar(select(ROLES.c.default).where(ROLES.c.name == "Guest")) is False


def test_what_a_constraint_refuses_is_told_as_sqlalchemy_tells_it(app):
    with pytest.raises(IntegrityError) as caught:
        perform(db.session.connection(), ADDING, {"role_name": "User", "permissions": 1})
    assert trouble_with(caught.value) is Trouble.LOST_RACE
    db.session.rollback()
    assert db.session.scalar(select(literal(1))) == 1


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_transaction_whose_connection_was_lost_ends_like_any_other(kind):
    with new_database(server_at_hand(kind)) as url:
        engine = create_engine(url, **engine_options(url, vars(Config)))
        with engine.connect() as connection:
            assert perform(connection, select(literal(1)), {}).fetchone() == (1,)
            _end(connection.connection.driver_connection, url)
            with pytest.raises(DBAPIError) as caught:
                perform(connection, select(literal(1)), {})
            assert trouble_with(caught.value) is Trouble.AWAY
            assert connection.invalidated
            connection.rollback()
            assert perform(connection, select(literal(1)), {}).fetchone() == (1,)
        engine.dispose()


# --- Connections that are lost --------------------------------------------------------------


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_connection_that_was_lost_is_told_and_replaced(kind):
    """So that the request is done again (startup/repetition.py)."""
    with new_database(server_at_hand(kind)) as url:
        engine = create_engine(url, **engine_options(url, vars(Config)))
        one = select(literal(1))
        assert ask(one, engine) == [(1,)]
        connection = engine.raw_connection()
        driver = connection.driver_connection
        connection.close()
        _end(driver, url)
        with pytest.raises(DBAPIError) as caught:
            ask(one, engine)
        assert trouble_with(caught.value) is Trouble.AWAY
        assert caught.value.connection_invalidated
        assert ask(one, engine) == [(1,)]
        engine.dispose()


def _ask_sqlalchemy(statement, engine):
    with engine.connect() as connection:
        return connection.execute(statement).all()


@pytest.mark.parametrize("ask_for", [ask, _ask_sqlalchemy])
def test_a_socket_that_is_closed_means_a_lost_connection_before_libpq_knows(ask_for, monkeypatch):
    with new_database(server_at_hand("postgresql")) as url:
        engine = create_engine(url, **engine_options(url, vars(Config)))
        assert ask(select(literal(1)), engine) == [(1,)]
        with monkeypatch.context() as patch:
            patch.setattr(psycopg.Connection, "wait", _tell_that_the_socket_is_closed)
            with pytest.raises(DBAPIError) as caught:
                ask_for(select(literal(1)), engine)
        assert trouble_with(caught.value) is Trouble.AWAY
        assert caught.value.connection_invalidated
        assert ask(select(literal(1)), engine) == [(1,)]
        engine.dispose()


def _tell_that_the_socket_is_closed(*_):
    raise psycopg.OperationalError("connection socket closed")


def _end(driver, url):
    """End a connection, given as its driver knows it, as an operator would."""
    if hasattr(driver, "pgconn"):
        statement = f"SELECT pg_terminate_backend({driver.info.backend_pid})"
    else:
        statement = f"KILL {driver.thread_id()}"
    with create_engine(url, poolclass=NullPool).connect() as other:
        other.exec_driver_sql(statement)
