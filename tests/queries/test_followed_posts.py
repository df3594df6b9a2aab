"""The posts of those whom somebody follows: the short way comes to the same as the plain one."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from app.extensions import db
from app.models import Post
from app.queries import posts as queries
from app.queries.cursors import read_after
from app.queries.paging import paginate
from app.queries.posts import followed_posts
from tests.models.truth import recount

START = datetime(2024, 1, 1)
# Few moments, so that many posts share one: (author, moment).
POSTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=40)


def written(people, posts):
    """Replace all posts by these."""
    db.session.execute(delete(Post))
    rows = [
        {"author_id": people[who].id, "body": "x", "timestamp": START + timedelta(seconds=when)}
        for who, when in posts
    ]
    if rows:
        db.session.execute(insert(Post), rows)
    recount()
    db.session.commit()


@pytest.fixture(params=[0, 100], ids=["as-many", "as-few"])
def world(make_user, monkeypatch, request):
    """A reader, and five people of whom the reader follows four, themselves among them."""
    monkeypatch.setattr(queries, "_MANY", request.param)
    people = [make_user() for _ in range(5)]
    reader = people[0]
    for person in people[1:4]:
        reader.follow(person)
    db.session.commit()
    return reader, people


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=POSTS, size=st.integers(1, 6))
def test_page_by_page(app, world, posts, size):
    reader, people = world
    written(people, posts)
    rows = followed_posts(reader)
    whole = rows.all()
    as_of, read = None, []
    for page in range(1, len(whole) // size + 2):
        found = paginate(rows, page, size, as_of=as_of)
        assert found.total == len(whole)
        as_of = found.as_of or as_of
        read += found.items
    assert read == whole
    assert rows.number() == len(whole)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=POSTS, size=st.integers(1, 6))
def test_from_a_place_on(app, world, posts, size):
    reader, people = world
    written(people, posts)
    rows = followed_posts(reader)
    place, read, more = None, [], True
    while more:
        found = read_after(rows, place, size)
        read += found.items
        more = found.has_more_after
        place = rows.order.place_of(read[-1]) if read else None
    assert read == rows.all()


def test_posts_by_others_are_left_out(ann, bob, make_post):
    make_post(author=bob)
    own = make_post(author=ann)
    assert followed_posts(ann).stretch(0, 20) == [own]


def test_one_statement_reads_them_with_their_authors(ann, bob, make_post, statements):
    ann.follow(bob)
    make_post(author=bob)
    rows = followed_posts(ann)
    db.session.expunge_all()
    with statements() as seen:
        (post,) = rows.stretch(0, 20)
        assert post.author.username == "bob"
    assert len([text for text in seen if not text.startswith("BEGIN")]) == 1
