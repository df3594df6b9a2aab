"""What SQLite, PostgreSQL and MariaDB have to answer alike, on the schema of the migrations."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib.clock import utcnow
from app.models import Follow, Post, Role, User
from app.models.insertion import insert_once
from app.models.registration import UsernameTaken, register
from app.queries.people import followers_of, is_username_taken, user_named, user_with_email
from app.queries.posts import latest_posts


def add(*rows):
    db.session.add_all(rows)
    db.session.commit()
    return rows


@pytest.mark.parametrize("other", ["ann", "ANN", "Ann ", "Änn", " Ann", "Ann\t"])
def test_a_name_is_found_by_exactly_its_characters(migrated, other):
    add(User(username="Ann", email="ann@example.com"))
    assert user_named("Ann") is not None
    assert user_named(other) is None


@pytest.mark.parametrize("name", ["Ann", "ann", "ANN"])
def test_a_name_is_taken_in_whatever_case(migrated, name):
    add(User(username="Ann", email="ann@example.com"))
    assert is_username_taken(name)
    with pytest.raises(UsernameTaken):
        register(username=name, email="x@example.com", password="cat")
    db.session.rollback()
    with pytest.raises(IntegrityError):
        add(User(username=name))
    db.session.rollback()
    assert User.query.count() == 1


@pytest.mark.parametrize("email", ["ANN@example.com", "ann@Example.COM"])
def test_an_address_is_one_account_in_whatever_case(migrated, email):
    (ann,) = add(User(username="ann", email="ann@example.com"))
    assert user_with_email(email) is ann
    with pytest.raises(IntegrityError):
        add(User(username="x", email=email))
    db.session.rollback()


@pytest.mark.parametrize(("one", "other"), [("e", "é"), ("x", "x "), ("ss", "ß"), ("😀", "😁")])
def test_texts_that_differ_are_different_keys(migrated, one, other):
    add(Role(name=one), Role(name=other))
    assert Role.named(one) is not Role.named(other)


def test_the_longest_keys_fit(migrated):
    email = f"{'a' * 64}@{'b' * 185}.com"
    assert len(email) == 254
    (user,) = add(User(username="u" * 64, email=email))
    db.session.expire_all()
    assert user_with_email(email) is user
    assert user_named("u" * 64) is user


def test_moments_a_microsecond_apart_have_an_order_and_equal_ones_too(migrated):
    now = utcnow().replace(microsecond=5)
    moments = [now, now + timedelta(microseconds=1), now, now - timedelta(microseconds=1)]
    posts = add(*(Post(body="x", timestamp=moment) for moment in moments))
    expected = sorted(posts, key=lambda post: (post.timestamp, post.id), reverse=True)
    assert latest_posts().all() == expected


def test_followers_of_one_moment_have_an_order(migrated):
    ann, *others = add(*(User(username=f"u{number}") for number in range(4)))
    moment = utcnow()
    for other in others:
        insert_once(Follow, follower_id=other.id, followed_id=ann.id, timestamp=moment)
    db.session.commit()
    found = [row.follower_id for row in followers_of(ann).all()]
    assert found == sorted((other.id for other in others), reverse=True)


def test_every_text_in_mariadb_is_compared_by_its_characters(migrated):
    if db.engine.dialect.name != "mysql":
        pytest.skip("about the collations of MariaDB")
    collations = db.session.execute(
        db.text(
            "SELECT table_name, column_name, collation_name FROM information_schema.columns"
            " WHERE table_schema = DATABASE() AND collation_name IS NOT NULL"
            " AND table_name <> 'alembic_version'"
        )
    ).all()
    assert len(collations) > 20
    # What is kept as JSON is nobody's key.
    strange = [row for row in collations if row[2] != "utf8mb4_nopad_bin" and row[1] != "payload"]
    assert strange == []
