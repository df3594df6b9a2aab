"""One record with those it belongs to, read as a plain row."""

import pytest
from sqlalchemy import bindparam, inspect
from sqlalchemy.exc import SAWarning

from app.database import reading, writing
from app.extensions import db
from app.models import User, UserSession
from app.queries.lookup import Lookup
from app.queries.reading import read
from app.queries.sessions import session_with_key

BY_NAME = Lookup(User, User.role, where=User.username == bindparam("name"))


@pytest.fixture
def key(ann):
    """The key of a session of ann's; nothing else is remembered of her."""
    key = ann.start_session().key
    db.session.commit()
    db.session.remove()
    return key


def columns_of(record):
    return {name: getattr(record, name) for name in record.__table__.columns.keys()}  # noqa: SIM118


def test_what_is_found_says_what_the_orm_would_say(key):
    with reading():
        found = session_with_key(key)
    same = db.session.get(UserSession, found.id)
    for one, other in ((found, same), (found.user, same.user), (found.user.role, same.user.role)):
        assert columns_of(one) == columns_of(other)
        assert type(one) is type(other)
        assert inspect(one).identity == inspect(other).identity


def test_what_only_reads_opens_no_session(key, statements):
    with reading(), statements() as seen:
        assert session_with_key(key).user.role.name == "User"
        assert not db.session.is_in_use()
    assert len(seen) == 1


def test_what_only_reads_finds_records_that_load_nothing_more(key):
    with reading():
        user = session_with_key(key).user
        with pytest.raises(SAWarning, match="detached"):
            user.posts.all()


def test_what_writes_by_statements_finds_records_that_stand_alone(key, by_statements):
    user = session_with_key(key).user
    assert not db.session.is_in_use()
    with writing():  # as signing in again by a cookie does
        assert inspect(session_with_key(key)).persistent
    assert inspect(user).detached


def test_what_may_write_finds_records_of_its_session(key):
    user = session_with_key(key).user
    user.name = "Ann of Flasky"
    db.session.commit()
    assert user.posts.all() == []
    assert db.session.get(User, user.id).name == "Ann of Flasky"


def test_a_session_that_is_in_use_gives_the_records_it_has(ann):
    assert BY_NAME.find(name="ann") is ann


def test_who_has_no_role_is_found_without(make_user):
    make_user("ann").role = None
    db.session.commit()
    db.session.remove()
    assert BY_NAME.find(name="ann").role is None


def test_who_is_not_there_is_not_found(app):
    db.session.remove()
    assert BY_NAME.find(name="nobody") is None


def test_rows_are_read_in_the_transaction_that_is_open(ann):
    ann.name = "not committed yet"
    db.session.flush()
    names = read(db.select(User.__table__.c.name), {})
    assert names == [("not committed yet",)]
