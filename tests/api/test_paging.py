"""Reading a list in parts, also while it grows."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.extensions import db
from app.lib import cursors
from app.models import Comment, Follow, Post
from app.queries.comments import OLDEST_COMMENTS
from app.queries.comments import records as comments
from app.queries.cursors import read_after, read_before
from app.queries.lists import List
from app.queries.posts import latest_posts

START = datetime(2024, 1, 1)
ALL_COMMENTS = List(db.select(Comment.__table__.c.id), OLDEST_COMMENTS, comments)


@pytest.fixture
def anns(program_of, ann):
    return program_of(ann)


def read_all(program, url: str, key: str, link: str = "next_url") -> list:
    """Follow the links to the end and return the rows."""
    rows = []
    while url:
        page = program.get(url).json
        rows += page[key]
        url = page[link]
    return rows


@pytest.mark.parametrize("per_page", [1, 2, 3, 7, 100])
def test_cursors_lead_through_everything_and_back(anns, ann, make_post, per_page):
    for number in range(7):
        make_post(str(number), author=ann, timestamp=START + timedelta(seconds=number // 3))
    rows = read_all(anns, f"/posts/?after=&per_page={per_page}", "posts")
    assert [row["body"] for row in rows] == list("6543210")

    here = cursors.write(cursors.Place(START, 0))
    pages, url = [], f"/posts/?before={here}&per_page={per_page}"
    while url:
        page = anns.get(url).json
        pages.insert(0, page["posts"])
        url = page["prev_url"]
    assert [row["body"] for page in pages for row in page] == list("6543210")


def test_links_carry_cursors_only_when_cursors_were_used(anns, make_post):
    for _ in range(3):
        make_post()
    assert "page=2" in anns.get("/posts/?per_page=1").json["next_url"]
    page = anns.get("/posts/?per_page=1&after=").json
    assert "after=" in page["next_url"]
    assert "per_page=1" in page["next_url"]
    assert page["prev_url"] is None
    assert page["count"] == 3
    assert "before=" in anns.get(page["next_url"]).json["prev_url"]


def test_all_lists_have_cursors(anns, ann, make_user, make_comment, program_of, moderator):
    for _ in range(3):
        reader = make_user()
        reader.follow(ann)
        ann.follow(reader)
    post = make_comment(author=ann).post
    for _ in range(2):
        make_comment(post=post, author=ann)
    mine = f"/users/{ann.id}"
    for path, key in (
        (f"{mine}/followers/", "users"),
        (f"{mine}/followed/", "users"),
        ("/comments/", "comments"),
        (f"/posts/{post.id}/comments/", "comments"),
    ):
        whole = anns.get(path).json[key]
        assert len(whole) == 3
        assert read_all(anns, f"{path}?after=&per_page=1", key) == whole
    comments = read_all(
        program_of(moderator), "/moderation/comments/?after=&per_page=2", "comments"
    )
    assert len(comments) == 3


def test_nobody_is_among_their_own_followers(anns, ann, bob):
    bob.follow(ann)
    answer = anns.get(f"/users/{ann.id}/followers/").json
    assert [row["username"] for row in answer["users"]] == ["bob"]
    assert answer["count"] == 1
    assert Follow.query.count() == 3


@pytest.mark.parametrize(
    "query",
    ["per_page=0", "per_page=101", "per_page=x", "after=x", "before=", "before=%00", "after=%0A"],
)
def test_what_is_no_part_of_a_list_is_refused(anns, query):
    answer = anns.get(f"/posts/?{query}")
    assert answer.status_code == 400
    assert answer.json["error"] == "bad request"


@pytest.mark.parametrize("name", ["page", "per_page", "after", "before"])
def test_what_is_asked_twice_is_refused(anns, name):
    """Which of the two is meant, nobody knows."""
    answer = anns.get(f"/posts/?{name}=1&{name}=1")
    assert answer.status_code == 400
    assert list(answer.json["fields"]) == [name]


@pytest.mark.parametrize("cursor", ["0" * 22, "f" * 22])
def test_whatever_looks_like_a_cursor_is_a_place(anns, make_post, cursor):
    make_post()
    for word in ("after", "before"):
        assert anns.get(f"/posts/?{word}={cursor}").status_code == 200


@given(moment=st.datetimes(datetime.min, datetime(2283, 1, 1)), number=st.integers(0, 2**31 - 1))
def test_a_cursor_is_read_as_it_was_written(moment, number):
    place = cursors.Place(moment, number)
    assert cursors.read(cursors.write(place)) == place


# Seconds after START at which rows are there already, and those that arrive after each page.
SECONDS = st.lists(st.integers(0, 3), max_size=8)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(there=SECONDS, arriving=st.lists(SECONDS, max_size=4), size=st.integers(1, 4))
def test_no_row_is_shown_twice_or_skipped_while_rows_arrive(app, there, arriving, size):
    """Newest first: what is there at the start is read, whatever arrives at the top meanwhile."""
    db.session.execute(delete(Post))
    publish(Post, there)
    expected = [post.id for post in latest_posts().all()]
    waiting, seen, place = list(arriving), [], None
    while True:
        stretch = read_after(latest_posts(), place, size)
        seen += [post.id for post in stretch.items]
        if not stretch.has_more_after:
            break
        place = latest_posts().order.place_of(stretch.items[-1])
        publish(Post, [10 + second for second in (waiting.pop(0) if waiting else [])])
    assert seen == expected


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(there=SECONDS, arriving=st.lists(SECONDS, max_size=4), size=st.integers(1, 4))
def test_who_follows_a_list_sees_each_row_that_arrives_once(app, there, arriving, size):
    """Towards what is newer, in both orders: every row that ever arrives is seen exactly once."""
    for model, rows in ((Post, latest_posts()), (Comment, ALL_COMMENTS.of())):
        db.session.execute(delete(model))
        publish(model, there)
        waiting, seen, place = list(arriving), [], cursors.Place(START - timedelta(1), 0)
        clock = 10
        while True:
            read = read_before if rows.order.newest_first else read_after
            items = read(rows, place, size).items
            items = items[::-1] if rows.order.newest_first else items
            seen += [row.id for row in items]
            if not items and not waiting:
                break
            place = rows.order.place_of(items[-1]) if items else place
            publish(model, [clock + second for second in (waiting.pop(0) if waiting else [])])
            clock += 10
        everything = db.session.scalars(db.select(model.id)).all()
        assert sorted(seen) == sorted(everything)
        assert len(seen) == len(set(seen))


def publish(model, seconds: list[int]) -> None:
    times = [START + timedelta(seconds=second) for second in sorted(seconds)]
    db.session.add_all([model(body="x", timestamp=time) for time in times])
    db.session.flush()
