"""How databases read the lists when there are many rows: by an index, never row after row."""

import json
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text

from app import fake
from app.extensions import db
from app.models import Comment, Post, Role, User
from app.models.landmark import set_landmarks
from app.queries.comments import comments_under, latest_comments
from app.queries.comments import outlines as comment_outlines
from app.queries.paging import paginate
from app.queries.people import followed_by, followers_of
from app.queries.posts import followed_posts, latest_posts, outlines, posts_by
from tests.conftest import listening
from tests.migrations.conftest import application_on

pytestmark = pytest.mark.servers

# A fifth of what benchmarks call M: enough for an index to be the quicker way everywhere.
USERS, POSTS, COMMENTS, FOLLOWS = 2_000, 20_000, 60_000, 100_000
LARGE = {"users", "posts", "comments", "follows"}


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def full(request, tmp_path_factory):
    """An application with many rows."""
    with application_on(request.param, tmp_path_factory.mktemp("plans")) as app:
        db.create_all()
        Role.insert_roles()
        fake.users(USERS)
        fake.follows(FOLLOWS)
        fake.discussions(POSTS, COMMENTS)
        set_landmarks()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        yield app


@pytest.fixture
def popular(full):
    """Somebody of whom there is something in every list."""
    much = User.post_count * User.followed_count * User.follower_count
    yield db.session.scalar(select(User).order_by(much.desc()).limit(1))
    db.session.rollback()


@contextmanager
def explained():
    """Give the plans of what is asked inside, as names of tables that are read row by row."""
    asked, row_by_row = [], []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if not statement.startswith(("BEGIN", "EXPLAIN")):
            asked.append((statement, parameters))

    with listening(note):
        yield row_by_row
    assert asked
    explain = {"sqlite": _of_sqlite, "postgresql": _of_postgresql}[db.engine.name]
    for statement, parameters in asked:
        row_by_row += [table for table in explain(statement, parameters) if table in LARGE]


def _of_sqlite(statement, parameters):
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    words = [row.detail.split() for row in rows]
    return [plan[1] for plan in words if plan[0] == "SCAN" and "INDEX" not in plan]


def _of_postgresql(statement, parameters):
    connection = db.session.connection()
    # Of a table as small as this it may prefer to read all rows; what counts is that it need not.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    answer = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
    plans = json.loads(answer) if isinstance(answer, str) else answer
    return [
        node["Relation Name"] for node in _nodes(plans[0]["Plan"]) if "Seq" in node["Node Type"]
    ]


def _nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


LISTS = {
    "all posts": lambda person: (latest_posts(), outlines),
    "an author's posts": lambda person: (posts_by(person), outlines),
    "followed posts": lambda person: (followed_posts(person), outlines),
    "comments under a post": lambda person: (comments_under(_discussed()), comment_outlines),
    "all comments": lambda person: (latest_comments(), comment_outlines),
    "followers": lambda person: (followers_of(person), None),
    "followed people": lambda person: (followed_by(person), None),
}


def _discussed():
    return db.session.scalar(select(Post).order_by(Post.comment_count.desc()).limit(1))


@pytest.fixture(params=LISTS)
def asked_for(request, popular):
    return LISTS[request.param](popular)


@pytest.mark.parametrize("with_shape", [True, False], ids=["outlines", "records"])
def test_the_first_page(asked_for, with_shape):
    rows, shape = asked_for
    with explained() as row_by_row:
        page = paginate(rows, 1, 20, shape=shape if with_shape else None)
    assert len(page.items) == min(20, page.total) > 0
    assert row_by_row == []


def test_the_next_page_by_the_link(asked_for):
    rows, shape = asked_for
    as_of = paginate(rows, 1, 5, shape=shape).as_of
    with explained() as row_by_row:
        assert paginate(rows, 2, 5, as_of=as_of, shape=shape).items
    assert row_by_row == []


def test_from_a_place_on_and_back(asked_for):
    rows, shape = asked_for
    place = rows.order.place_of(rows.stretch(5, 1)[0])
    for backwards in (False, True):
        with explained() as row_by_row:
            assert rows.beyond(place, 5, backwards=backwards, shape=shape)
        assert row_by_row == []


def test_a_far_page_of_all_posts(popular):
    with explained() as row_by_row:
        assert paginate(latest_posts(), POSTS // 20 - 1, 20, shape=outlines).items
    assert row_by_row == []


def test_the_guard_sees_a_table_that_is_read_row_by_row(popular):
    with explained() as row_by_row:
        db.session.execute(select(Comment.id).where(Comment.body == "x")).all()
    assert row_by_row == ["comments"]
