"""Believable people and texts in bulk."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from app.extensions import db
from app.fake import comments, discussions, follows, posts, users
from app.fake import people as factory
from app.fake.chance import moments, popular, shares
from app.lib import usernames
from app.lib.clock import utcnow
from app.lib.markdown import RENDER_VERSION, render_comment, render_post
from app.models import Comment, Follow, Post, User
from tests.models.truth import counters, counts


@pytest.fixture(autouse=True)
def seed(app):
    random.seed(1)


def emails():
    return set(db.session.scalars(select(User.email)))


# --- People --------------------------------------------------------------------------------


def test_a_hundred_people_are_made_unless_another_number_is_given():
    users()
    assert User.query.count() == 100
    users(3)
    assert User.query.count() == 103
    users(count=2)
    assert User.query.count() == 105


def test_people_can_log_in_at_once(client):
    users(1)
    user = User.query.one()
    assert user.verify_password("password")
    assert user.confirmed
    assert client.log_in(user, password="password").status_code == 302


def test_people_have_what_a_profile_shows(app):
    users(20)
    for user in User.query:
        assert all((user.name, user.location, user.about_me, user.username))
        assert user.avatar_hash == user.gravatar_hash()
        assert user.member_since <= utcnow()
        assert user.username_key == user.username.lower()
        assert user.role.name == "User"
        assert user.is_following(user)
        assert len(user.username) <= usernames.LONGEST
        assert user.username.isascii()


def test_people_are_committed(app):
    users(1)
    db.session.rollback()
    assert User.query.count() == 1


def test_a_name_that_is_taken_is_tried_again(app):
    users(5)
    names = [user.username for user in User.query]
    random.seed(1)
    users(5)
    assert User.query.count() == 10
    assert len({user.username for user in User.query}) == 10
    assert set(names) <= {user.username for user in User.query}


def test_an_address_that_is_taken_is_tried_again(app, make_user):
    users(1)
    (email,) = emails()
    db.session.delete(User.query.one())
    db.session.commit()
    make_user("somebody.else", email=email)
    random.seed(1)
    users(1)
    assert len(emails()) == 2


def test_a_name_that_cannot_be_had_with_a_number_either_is_tried_with_another(monkeypatch):
    monkeypatch.setattr(factory.random, "choice", lambda _forms: "{0}.{1}")
    numbers = iter([7, 8])
    monkeypatch.setattr(factory.random, "randrange", lambda _end: next(numbers))
    taken = {"ann.otoole", "ann.otoole7"}
    assert factory.new_username("Ann", "O'Toole", taken) == "ann.otoole8"
    assert "ann.otoole8" in taken


def test_people_need_no_roles(app):
    db.session.execute(db.text("DELETE FROM roles"))
    db.session.commit()
    users(1)
    assert User.query.one().role is None


# --- Who follows whom ----------------------------------------------------------------------


def test_as_many_follows_are_made_as_asked_for_and_counted(app):
    users(10)
    follows(40)
    assert Follow.query.count() == 50
    assert counters() == counts()
    follows(50)
    assert Follow.query.count() == 100
    assert counters() == counts()


def test_more_follows_than_there_are_pairs_are_refused(app):
    users(3)
    follows(6)
    with pytest.raises(ValueError, match="3 people cannot follow each other 1 times more"):
        follows(1)


# --- Posts and comments --------------------------------------------------------------------


def test_a_hundred_posts_and_comments_are_made_unless_another_number_is_given(app):
    users(3)
    posts()
    comments()
    assert (Post.query.count(), Comment.query.count()) == (100, 100)
    posts(count=1)
    comments(2)
    assert (Post.query.count(), Comment.query.count()) == (101, 102)
    assert counters() == counts()
    db.session.rollback()
    assert Post.query.count() == 101


@pytest.mark.parametrize("make", [posts, comments])
def test_nobody_writes_where_nobody_is(app, make):
    with pytest.raises(ValueError, match="no users"):
        make(1)


def test_nobody_comments_where_nothing_is_written(app):
    users(1)
    with pytest.raises(ValueError, match="no posts"):
        comments(1)


def test_texts_are_rendered_as_they_would_be_if_somebody_had_typed_them(app):
    users(3)
    posts(60)
    comments(30)
    for post in Post.query:
        assert post.body_html == render_post(post.body)
        assert post.render_version == RENDER_VERSION
    for comment in Comment.query:
        assert comment.body_html == render_comment(comment.body)


def test_a_comment_is_younger_than_its_post_and_nothing_comes_from_the_future(app):
    users(3)
    posts(20)
    comments(60)
    for comment in Comment.query:
        assert comment.post.timestamp <= comment.timestamp <= utcnow()


# --- Posts and comments together -----------------------------------------------------------


def test_posts_come_with_their_comments_and_the_counters_are_right(app):
    users(5)
    for _ in range(2):  # on an empty site, and on one that is in use
        discussions(20, 60)
        assert counters() == counts()
    assert (Post.query.count(), Comment.query.count()) == (40, 120)
    db.session.rollback()
    assert Comment.query.count() == 120


def test_a_post_that_somebody_writes_afterwards_has_an_id_of_its_own(app):
    users(2)
    discussions(5, 5)
    db.session.add(Post(body="By hand", author=User.query.first()))
    db.session.commit()
    assert Post.query.count() == 6


# --- What goes wrong on the way ------------------------------------------------------------


def indexes():
    tables = ("users", "follows", "posts", "comments")
    return {
        (table, row["name"])
        for table in tables
        for row in db.inspect(db.session.connection()).get_indexes(table)
    }


def stop(_rows):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "make", [lambda: posts(3, progress=stop), lambda: follows(3, progress=stop)]
)
def test_an_empty_table_is_empty_and_indexed_again_when_the_filling_is_interrupted(app, make):
    users(3)
    before = indexes()
    with pytest.raises(KeyboardInterrupt):
        make()
    assert indexes() == before
    assert (Post.query.count(), Follow.query.count()) == (0, 3)
    assert counters() == counts()


def test_the_indexes_are_there_afterwards(app):
    before = indexes()
    users(5)
    follows(5)
    discussions(5, 5)
    assert indexes() == before
    assert ("posts", "ix_posts_author_id") in before


def test_tables_that_are_made_afterwards_have_their_foreign_keys(app):
    users(3)
    discussions(5, 5)
    for model in (Post, Comment, Follow):
        assert "FOREIGN KEY" in str(CreateTable(model.__table__))


@pytest.mark.only_sqlite("whose foreign keys are looked at unless somebody says otherwise")
@pytest.mark.parametrize("count", [3, 10_000])
def test_keys_are_looked_at_afterwards(app, count):
    """The last number is too many: it ends with an error."""
    users(3)
    with suppress(ValueError):
        follows(count)
    assert db.session.execute(db.text("PRAGMA foreign_key_check")).all() == []
    db.session.add(Post(body="x", author_id=4711))
    with pytest.raises(IntegrityError):
        db.session.commit()


def test_what_was_there_and_not_yet_committed_is_kept(app):
    users(1)
    db.session.add(User(username="ann"))
    posts(3)
    db.session.rollback()
    assert (User.query.count(), Post.query.count()) == (2, 3)


# --- Chance and progress -------------------------------------------------------------------


def test_progress_is_told_until_all_is_made(app, monkeypatch):
    monkeypatch.setattr("app.fake.chance.BATCH", 2)
    told = []
    users(5, progress=told.append)
    assert told == [2, 2, 1]
    for make in (follows, posts, comments):
        told.clear()
        make(3, progress=told.append)
        assert sum(told) == 3
        assert max(told) <= 2


@pytest.mark.parametrize("make", [users, follows, posts, comments])
def test_nothing_is_made_of_nothing(app, make):
    users(1)
    posts(1)
    before = counts()
    make(0)
    assert counts() == before == counters()


def test_those_at_the_front_are_the_popular_ones():
    picks = popular(range(100), 5000)
    assert set(picks) <= set(range(100))
    front = sum(pick < 10 for pick in picks)
    back = sum(pick >= 90 for pick in picks)
    assert front > 2 * back > 0


@pytest.mark.parametrize("size", [1000, 100_000])
def test_the_most_popular_one_gets_about_the_hundredth_part(size):
    picks = popular(range(size), 20_000)
    assert 100 < picks.count(0) < 300


@pytest.mark.parametrize(
    ("count", "rooms"), [(0, [3, 3]), (6, [3, 3]), (5, [0, 4, 1, 0]), (50, [1000] * 20)]
)
def test_shares_fit_and_come_to_what_there_is(count, rooms):
    for unevenness in (1, 2):
        found = list(shares(count, rooms, unevenness=unevenness))
        assert sum(found) == count
        assert all(0 <= share <= room for share, room in zip(found, rooms, strict=True))


def test_moments_lie_in_the_past_in_order():
    found = list(moments(200))
    assert found == sorted(found)
    assert found[-1] <= utcnow()
    assert found[0] > utcnow() - timedelta(days=731)
