"""A statement that changes rows is part of the transaction that is open, or one of its own."""

import pytest
from sqlalchemy import event, insert

from app.extensions import db
from app.models import Role
from app.models.changing import change

ADDING = insert(Role.__table__).values(name="Guest", permissions=0).returning(Role.__table__.c.name)


@pytest.fixture(autouse=True)
def commits_itself(app):
    if db.engine.dialect.name == "mysql":
        pytest.skip("about PostgreSQL and SQLite: changes return no rows on MariaDB")
    return db.engine.dialect.name == "postgresql"


def guests():
    return Role.query.filter_by(name="Guest").count()


def test_a_change_belongs_to_the_transaction_that_is_open(app, by_statements):
    db.session.connection()
    assert change(ADDING, {}) == [("Guest",)]
    db.session.rollback()
    assert guests() == 0


def test_a_view_that_changes_records_has_one_transaction_for_all_it_does(app):
    change(ADDING, {})
    db.session.rollback()
    assert guests() == 0


def test_a_single_statement_needs_no_transaction_where_the_database_can_do_without(
    app, by_statements, commits_itself
):
    assert change(ADDING, {}) == [("Guest",)]
    assert db.session.is_in_use() is not commits_itself
    db.session.rollback()
    assert guests() == (1 if commits_itself else 0)


def test_the_view_commits_in_any_case(app, by_statements):
    change(ADDING, {})
    db.session.commit()
    db.session.rollback()
    assert guests() == 1


def test_where_nothing_was_begun_nothing_is_committed(app):
    committed = []
    note = committed.append
    event.listen(db.session, "before_commit", note)
    try:
        db.session.commit()
        assert committed == []
        db.session.connection()
        db.session.commit()
        assert len(committed) == 1
    finally:
        event.remove(db.session, "before_commit", note)
