"""Pages of lists: whole, in order, and none of them dear."""

from datetime import datetime, timedelta

import pytest
from flask_sqlalchemy.pagination import Pagination
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import utcnow
from app.models import Post
from app.queries.lists import List
from app.queries.paging import LAST_PAGE, Page, last_page, paginate
from app.queries.posts import NEWEST_POSTS, records

POSTS = Post.__table__.c
LIST = List(select(POSTS.id), NEWEST_POSTS, records)
ROWS = LIST.of()


class SecondOpinion(Pagination):
    """Flask-SQLAlchemy's pager, without its query."""

    def __init__(self, page, per_page, total):
        self.page, self.per_page, self.total = page, per_page, total


@pytest.fixture
def posts(app):
    """Five posts, the newest first; two of them at the same moment."""
    now = utcnow()
    ages = [5, 4, 3, 3, 1]
    rows = [Post(body=str(age), timestamp=now - timedelta(days=age)) for age in ages]
    db.session.add_all(rows)
    db.session.commit()
    return rows[::-1]


# --- Rows ----------------------------------------------------------------------------------


def test_pages_together_are_the_list(posts):
    pages = [paginate(ROWS, number, 2) for number in (1, 2, 3)]
    assert [list(page.items) for page in pages] == [posts[:2], posts[2:4], posts[4:]]
    assert {page.total for page in pages} == {5}


@pytest.mark.parametrize("number", [0, -1, -(10**30)])
def test_before_the_first_page_there_is_the_first(posts, number):
    page = paginate(ROWS, number, 2)
    assert (page.page, list(page.items)) == (1, posts[:2])


@pytest.mark.parametrize("number", [4, 1000, LAST_PAGE, LAST_PAGE + 1, 10**30])
def test_past_the_end_a_page_is_empty_and_costs_only_the_count(posts, statements, number):
    with statements() as seen:
        page = paginate(ROWS, number, 2)
    assert (list(page.items), page.total) == ([], 5)
    assert len([text for text in seen if text.startswith("SELECT")]) == 1


def test_an_empty_list_has_one_empty_page(app):
    page = paginate(ROWS, 1, 2)
    assert (list(page.items), page.total, page.pages) == ([], 0, 0)
    assert not page.has_prev
    assert not page.has_next


def test_a_counter_saves_the_count(posts, statements):
    with statements() as seen:
        page = paginate(LIST.of(total=5), 1, 2)
    assert page.total == 5
    assert len([text for text in seen if text.startswith("SELECT")]) == 1


def test_the_count_respects_what_the_list_leaves_out(posts):
    some = List(select(POSTS.id).where(POSTS.body == "3"), NEWEST_POSTS, records)
    assert paginate(some.of(), 1, 1).total == 2


# --- The pager -----------------------------------------------------------------------------


@settings(database=None)
@given(st.integers(1, 40), st.integers(1, 7), st.integers(0, 200))
def test_a_pager_answers_as_that_of_flask_sqlalchemy(number, per_page, total):
    page, other = Page([], number, per_page, total), SecondOpinion(number, per_page, total)
    for question in ("pages", "has_prev", "prev_num", "has_next", "next_num"):
        assert getattr(page, question) == getattr(other, question)
    if number <= page.pages:
        assert list(page.iter_pages()) == list(other.iter_pages())


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, [1, 2, 3, 4, 5, None, 19, 20]),
        (4, [1, 2, 3, 4, 5, 6, 7, 8, None, 19, 20]),
        (5, [1, 2, 3, 4, 5, 6, 7, 8, 9, None, 19, 20]),
        (10, [1, 2, None, 8, 9, 10, 11, 12, 13, 14, None, 19, 20]),
        (20, [1, 2, None, 18, 19, 20]),
        (99, [1, 2, None, 19, 20]),
    ],
)
def test_a_pager_shows_two_edges_two_before_and_four_after(number, shown):
    assert list(Page([], number, 1, 20).iter_pages()) == shown


def test_a_pager_of_nothing_shows_nothing():
    assert list(Page([], 1, 20, 0).iter_pages()) == []


@pytest.mark.parametrize(("total", "number"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_the_number_of_the_last_page(total, number):
    assert last_page(total, 20) == number


# --- Rows that arrive meanwhile ------------------------------------------------------------


def newest(number, *, as_of=None, **known):
    return paginate(LIST.of(**known), number, 2, as_of=as_of)


def test_the_links_of_the_first_page_keep_the_reader_s_place(posts):
    first = newest(1)
    db.session.add(Post(body="new", timestamp=utcnow() + timedelta(days=1)))
    db.session.commit()
    second = newest(**rename(first.query(2)))
    third = newest(**rename(second.query(3)))
    assert [*first.items, *second.items, *third.items] == posts
    assert (second.total, third.total) == (5, 5)


def test_the_first_page_always_shows_what_is_newest_now(posts):
    first = newest(1)
    new = Post(body="new", timestamp=utcnow() + timedelta(days=1))
    db.session.add(new)
    db.session.commit()
    assert first.query(1) == {"page": 1}
    again = newest(1, as_of=first.as_of)
    assert again.items[0] is new
    assert again.as_of > first.as_of


def test_a_counter_is_corrected_by_what_arrived(posts):
    first = newest(1, total=5)
    db.session.add(Post(body="new", timestamp=utcnow() + timedelta(days=1)))
    db.session.commit()
    assert newest(2, as_of=first.as_of, total=6).total == 5


def test_a_page_without_a_moment_is_a_plain_page(posts):
    page = newest(2)
    assert list(page.items) == posts[2:4]
    assert page.query(3) == {"page": 3}


@pytest.mark.parametrize("as_of", [0, -1, 1, 10**30, -(10**30)])
def test_whatever_a_stranger_types_is_a_moment(posts, as_of):
    assert newest(2, as_of=as_of).total in (0, 5)


def test_an_empty_list_has_no_moment(app):
    assert newest(1).as_of is None
    assert newest(1).query(2) == {"page": 2}


def test_a_row_without_a_time_is_no_trouble(app):
    db.session.add(Post(body="timeless", timestamp=None))
    db.session.commit()
    db.session.execute(Post.__table__.update().values(timestamp=None))
    assert newest(1).as_of is None


def test_a_moment_is_exact_to_the_microsecond(app):
    when = datetime(2026, 1, 2, 3, 4, 5, 678901)
    db.session.add_all([Post(body=str(number), timestamp=when) for number in range(5)])
    db.session.commit()
    first = newest(1)
    assert len([*first.items, *newest(2, as_of=first.as_of).items]) == 4
    assert newest(2, as_of=first.as_of).total == 5


def rename(query):
    return {"number": query["page"], "as_of": query["as_of"]}
