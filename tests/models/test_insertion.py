"""Inserting a row that may be there already."""

import pytest
from sqlalchemy.dialects import mysql, postgresql, sqlite

from app.extensions import db
from app.lib.clock import utcnow
from app.models import Follow, RateLimit
from app.models.insertion import insert_once, statement_for


def test_a_row_is_inserted_once(app):
    row = {"key": "k", "hits": 1, "expires_at": utcnow()}
    assert insert_once(RateLimit, **row) is True
    assert insert_once(RateLimit, **{**row, "hits": 9}) is False
    assert [found.hits for found in RateLimit.query] == [1]


def test_it_works_with_a_key_of_two_columns(ann, bob):
    assert insert_once(Follow, follower_id=ann.id, followed_id=bob.id) is True
    assert insert_once(Follow, follower_id=ann.id, followed_id=bob.id) is False
    assert insert_once(Follow, follower_id=bob.id, followed_id=ann.id) is True


def test_it_goes_with_the_transaction(app):
    insert_once(RateLimit, key="k", hits=1, expires_at=utcnow())
    db.session.rollback()
    assert RateLimit.query.count() == 0


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        (sqlite.dialect(), "ON CONFLICT DO NOTHING"),
        (postgresql.dialect(), "ON CONFLICT DO NOTHING"),
        (mysql.dialect(), "INSERT IGNORE INTO"),
    ],
)
def test_each_database_is_told_in_its_own_words(dialect, words):
    statement = statement_for(RateLimit, dialect.name)
    assert words in str(statement.compile(dialect=dialect))
