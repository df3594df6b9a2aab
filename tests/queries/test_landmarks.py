"""Far pages: the same rows as by counting, found from the nearest landmark."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from app.extensions import db
from app.models import Landmark, Post, later
from app.models.landmark import APART, set_landmarks
from app.queries.landmarks import way_to
from app.queries.paging import paginate
from app.queries.posts import latest_posts
from tests.models.truth import recount

START = datetime(2024, 1, 1)
COUNT = 3 * APART + 250
LAST = COUNT // 7  # pages of seven, but for a rest
FAR = (APART // 7 + 2, LAST // 2, LAST - 80, LAST - 1, LAST)


def write(count: int, since: datetime = START) -> None:
    """Write posts, three at a moment, in an order that is not that of their ids."""
    moments = [since + timedelta(seconds=number * 7 % count // 3) for number in range(count)]
    db.session.execute(insert(Post), [{"body": "x", "timestamp": moment} for moment in moments])
    recount()
    db.session.commit()


def ids(page: int, **options) -> list[int]:
    return [post.id for post in paginate(latest_posts(), page, 7, **options).items]


def plainly(page: int) -> list[int]:
    rows = select(Post.id).order_by(Post.timestamp.desc(), Post.id.desc())
    return db.session.scalars(rows.limit(7).offset((page - 1) * 7)).all()


def positions() -> list[tuple]:
    columns = (Landmark.position, Landmark.timestamp, Landmark.post_id)
    return db.session.execute(select(*columns).order_by(Landmark.position)).all()


@pytest.fixture
def many(app):
    write(COUNT)
    set_landmarks()
    db.session.commit()


def test_a_far_page_shows_what_counting_finds(many):
    for page in FAR:
        assert ids(page) == plainly(page)
        assert len(ids(page)) == 7


def test_hardly_any_rows_are_skipped(many):
    assert way_to(APART, COUNT) is None
    for offset in range(APART + 1, COUNT, 97):
        assert 0 <= way_to(offset, COUNT).skipped < APART


def test_a_page_that_begins_at_a_landmark_has_it(many):
    offset = COUNT - APART
    assert ids(offset // 7 + 1)[offset % 7] == positions()[0].post_id


def test_posts_that_arrive_do_not_move_the_landmarks(many):
    write(30, since=START + timedelta(days=1))
    for page in FAR:
        assert ids(page) == plainly(page)


def test_far_pages_as_of_a_moment_are_those_of_that_moment(many):
    as_of = paginate(latest_posts(), 1, 7).as_of
    before = [ids(page) for page in FAR]
    write(30, since=START + timedelta(days=1))
    assert [ids(page, as_of=as_of) for page in FAR] == before


def test_without_landmarks_rows_are_counted(many):
    db.session.execute(delete(Landmark))
    for page in FAR:
        assert ids(page) == plainly(page)


def test_the_missing_landmarks_come_to_the_same_as_all_anew(many):
    write(APART, since=START + timedelta(days=1))
    set_landmarks()
    added = positions()
    assert [row.position for row in added] == [APART, 2 * APART, 3 * APART, 4 * APART]
    set_landmarks()
    assert positions() == added
    set_landmarks(anew=True)
    assert positions() == added


def test_the_night_makes_up_for_posts_that_were_deleted(many):
    gone = select(Post.id).order_by(Post.timestamp).limit(10)
    db.session.execute(delete(Post).where(Post.id.in_(db.session.scalars(gone).all())))
    later("upkeep.recount")
    db.session.commit()
    for page in FAR[:-2]:
        assert ids(page) == plainly(page)


def test_the_hourly_job_sets_what_is_missing(app):
    write(APART)
    later("upkeep.landmarks")
    db.session.commit()
    assert [row.position for row in positions()] == [APART]


def test_few_posts_need_no_landmarks(app, make_post):
    make_post()
    set_landmarks()
    assert positions() == []


def test_posts_without_a_time_are_counted_but_no_landmarks(app):
    write(2 * APART)
    db.session.execute(update(Post).values(timestamp=None))
    set_landmarks()
    assert positions() == []
    assert len(ids(APART // 7 + 2)) == 7
