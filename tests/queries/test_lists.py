"""Lists: which rows, in what order, with what comes along."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import InvalidRequestError

from app.extensions import db
from app.lib.clock import utcnow
from app.models import Follow, Post
from app.queries.comments import comment_with_post, comments_under, latest_comments
from app.queries.lists import _stretch
from app.queries.paging import paginate
from app.queries.people import (
    followed_by,
    followers_of,
    is_email_taken,
    is_username_taken,
    relation,
    roles_by_name,
    user_named,
    user_with_email,
)
from app.queries.posts import (
    followed_posts,
    latest_posts,
    outlines,
    post_with_author,
    posts_by,
)
from app.queries.sessions import session_with_id, session_with_key, sessions_of

NOW = utcnow()


def read(rows):
    return rows.all()


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


@pytest.fixture
def fresh(app):
    """Forget all that was read, so that a test sees what a query loads."""

    def forget():
        db.session.commit()
        db.session.expunge_all()
        db.session.connection()

    return forget


# --- Posts and comments --------------------------------------------------------------------


def test_posts_come_newest_first_and_in_a_total_order(ann, make_post):
    posts = [make_post(author=ann, timestamp=ago(minutes)) for minutes in (1, 3, 2, 2, 2)]
    assert read(latest_posts()) == [posts[0], posts[4], posts[3], posts[2], posts[1]]
    assert read(posts_by(ann)) == read(latest_posts())


def test_who_follows_whom_is_one_question(ann, bob, statements):
    ann.follow(bob)
    db.session.flush()
    with statements() as seen:
        assert relation(ann, bob) == (True, False)
        assert relation(bob, ann) == (False, True)
    assert len(seen) == 2


def test_somebody_s_posts_are_theirs_alone(ann, bob, make_post):
    mine = make_post(author=ann)
    make_post(author=bob)
    assert read(posts_by(ann)) == [mine]


def test_followed_posts_are_those_of_the_model(ann, bob, make_post):
    make_post(author=bob)
    make_post(author=ann)
    make_post()
    ann.follow(bob)
    db.session.commit()
    assert set(read(followed_posts(ann))) == set(ann.followed_posts)
    assert len(read(followed_posts(ann))) == 2


def test_posts_without_an_author_are_in_the_list(app):
    post = Post(body="x")
    db.session.add(post)
    db.session.commit()
    assert read(latest_posts()) == [post]
    assert db.session.scalar(post_with_author(post.id)) is post


def test_comments_under_a_post_come_oldest_first(make_post, make_comment):
    post = make_post()
    comments = [make_comment(post=post, timestamp=ago(minutes)) for minutes in (1, 3, 2, 2)]
    make_comment()
    assert read(comments_under(post)) == [comments[1], comments[2], comments[3], comments[0]]


def test_comments_to_moderate_come_newest_first_disabled_ones_too(make_comment):
    comments = [make_comment(timestamp=ago(minutes)) for minutes in (1, 3, 2, 2)]
    comments[0].disable()
    db.session.commit()
    assert read(latest_comments()) == [comments[0], comments[3], comments[2], comments[1]]


@pytest.mark.parametrize("rows", [latest_posts, latest_comments])
def test_a_list_brings_its_authors_in_one_statement(make_comment, fresh, statements, rows):
    for _ in range(3):
        make_comment()
    fresh()
    with statements() as seen:
        names = {row.author.username for row in read(rows())}
    assert len(names) == 3
    assert len(seen) == 1


def test_what_a_list_does_not_bring_it_does_not_fetch_one_by_one(make_comment, fresh):
    make_comment()
    fresh()
    (comment,) = read(latest_comments())
    with pytest.raises(InvalidRequestError):
        comment.post  # noqa: B018
    with pytest.raises(InvalidRequestError):
        comment.author.password_hash  # noqa: B018
    with pytest.raises(InvalidRequestError):
        comment.author.role  # noqa: B018


def test_one_record_comes_with_what_its_page_shows(make_comment, fresh, statements):
    made = make_comment()
    comment_id, post_id = made.id, made.post_id
    fresh()
    with statements() as seen:
        comment = db.session.scalar(comment_with_post(comment_id))
        post = db.session.scalar(post_with_author(post_id))
        assert comment.post.id == post.id == post_id
        assert post.author.username
    assert len(seen) == 2
    assert db.session.scalar(comment_with_post(4711)) is None
    assert db.session.scalar(post_with_author(4711)) is None


# --- People --------------------------------------------------------------------------------


def test_people_are_found_by_the_exact_name(ann):
    assert user_named("ann") is ann
    assert user_named("Ann") is None
    assert user_named("") is None


def test_people_are_found_by_their_address_however_it_was_typed(ann):
    assert user_with_email("ANN@Example.com") is ann
    assert user_with_email("nobody@example.com") is None
    assert user_with_email("") is None


def test_a_person_comes_with_the_role(ann, fresh, statements):
    fresh()
    with statements() as seen:
        assert user_named("ann").can(1)
        assert user_with_email("ann@example.com").can(1)
    assert len(seen) == 2


@pytest.mark.parametrize("name", ["ann", "ANN", "Ann"])
def test_a_name_is_taken_in_whatever_case(ann, bob, name):
    assert is_username_taken(name)
    assert is_username_taken(name, but_by=bob)
    assert not is_username_taken(name, but_by=ann)
    assert not is_username_taken("anna")


def test_an_address_is_taken_in_whatever_case(ann, bob):
    assert is_email_taken("ANN@example.com", but_by=bob)
    assert not is_email_taken("ANN@example.com", but_by=ann)
    assert not is_email_taken("new@example.com", but_by=ann)


@pytest.fixture
def fans(ann, make_user):
    """Three people who follow ann and whom she follows, the latest first."""
    people = [make_user() for _ in range(3)]
    for minutes, person in zip((3, 1, 1), people, strict=True):
        for pair in ({"follower": person, "followed": ann}, {"follower": ann, "followed": person}):
            db.session.add(Follow(**pair, timestamp=ago(minutes)))
    db.session.commit()
    return [people[2], people[1], people[0]]


def test_followers_come_newest_first_and_without_oneself(ann, fans):
    assert [row.follower for row in read(followers_of(ann))] == fans
    assert [row.follower for row in read(followers_of(fans[0]))] == [ann]


def test_the_followed_come_newest_first_and_without_oneself(ann, fans):
    assert [row.followed for row in read(followed_by(ann))] == fans
    assert [row.followed for row in read(followed_by(fans[0]))] == [ann]


@pytest.mark.parametrize(("rows", "end"), [(followers_of, "follower"), (followed_by, "followed")])
def test_a_list_of_people_brings_them_in_one_statement(ann, fans, fresh, statements, rows, end):
    fresh()
    ann = user_named("ann")
    with statements() as seen:
        assert len({getattr(row, end).username for row in read(rows(ann))}) == 3
    assert len(seen) == 1


def test_roles_come_by_name(app):
    assert [role.name for role in roles_by_name()] == ["Administrator", "Moderator", "User"]


# --- Sessions ------------------------------------------------------------------------------


def test_a_session_is_found_by_its_key_and_not_by_what_the_table_holds(ann):
    session = ann.start_session()
    db.session.commit()
    assert session_with_key(session.key) is session
    assert session_with_key(session.key_hash) is None
    assert session_with_key("") is None
    assert session_with_id(session.id) is session
    assert session_with_id(4711) is None


def test_a_session_brings_its_user_and_their_role(ann, fresh, statements):
    key = ann.start_session().key
    fresh()
    with statements() as seen:
        assert session_with_key(key).user.can(1)
    assert len(seen) == 1


def test_sessions_come_by_their_last_use(ann, bob):
    first, second, third = ann.start_session(), ann.start_session(), ann.start_session()
    bob.start_session()
    first.last_used_at = utcnow() + timedelta(minutes=5)
    second.last_used_at = third.last_used_at
    db.session.commit()
    assert sessions_of(ann) == [first, third, second]


# --- Made once -----------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [None, outlines])
def test_a_statement_is_put_together_once_for_all_readers(ann, bob, make_post, shape):
    for author in (ann, bob):
        make_post(author=author)
        paginate(posts_by(author), 1, 20, shape=shape)
    made = _stretch.cache_info()
    for author in (ann, bob):
        (item,) = paginate(posts_by(author), 1, 20, shape=shape).items
        assert item.author_id == author.id
    assert _stretch.cache_info().misses == made.misses


def test_an_outline_shows_the_author_and_not_the_text(ann, make_post):
    post = make_post(author=ann)
    (row,) = latest_posts().all(outlines)
    assert (row.id, row.author_id, row.username) == (post.id, ann.id, "ann")
    assert "body" not in row._fields
