"""Answers that are kept for a moment: late about others, never about oneself."""

import pytest

from app.extensions import db
from app.queries import posts
from app.queries.comments import latest_comments
from app.queries.kept import KeptAnswers
from app.queries.paging import paginate
from app.queries.posts import followed_posts, latest_posts, posts_by


@pytest.fixture
def kept(app):
    """Keep answers during this test, as the application does for real."""
    before = app.extensions["answers"]
    app.extensions["answers"] = KeptAnswers(60)
    yield
    app.extensions["answers"] = before


def test_in_tests_nothing_is_kept(make_post):
    assert latest_posts().number() == 0
    make_post()
    assert latest_posts().number() == 1


def test_a_number_is_kept_for_the_next_reader(kept, make_post, statements):
    make_post()
    assert latest_posts().number() == 1
    with statements() as seen:
        assert latest_posts().number() == 1
    assert seen == []


def test_what_others_do_may_show_a_moment_later(kept, ann, make_post):
    assert latest_posts(ann).number() == 0
    make_post()
    assert latest_posts(ann).number() == 0


def test_what_one_does_oneself_shows_at_once(kept, ann, bob, make_post, make_comment):
    make_post(author=bob)
    assert latest_posts(ann).number() == 1
    assert followed_posts(ann).number() == 0
    assert latest_comments(ann).number() == 0
    own = make_post(author=ann)
    assert latest_posts(ann).number() == 2
    assert followed_posts(ann).number() == 1
    make_comment(author=ann, post=own)
    assert latest_comments(ann).number() == 1
    ann.follow(bob)
    db.session.commit()
    assert followed_posts(ann).number() == 2
    db.session.delete(own)
    db.session.commit()
    assert latest_posts(ann).number() == 1
    assert followed_posts(ann).number() == 1


def test_readers_do_not_get_each_other_s_numbers(kept, ann, bob, make_post):
    make_post(author=ann)
    assert followed_posts(bob).number() == 0
    assert followed_posts(ann).number() == 1


@pytest.mark.parametrize("page", [1, 2])
def test_a_page_that_has_come_since_is_there(kept, make_post, page):
    """Whether by the pager, or asked for by its number."""
    for _ in range(2):
        make_post()
    assert paginate(latest_posts(), 1, 2).pages == 1
    make_post()
    found = paginate(latest_posts(), page, 2)
    assert found.pages == 2
    assert found.has_next is (page == 1)
    assert len(found.items) == (2 if page == 1 else 1)


def test_no_link_leads_to_a_page_that_has_gone(kept, make_post):
    posts = [make_post() for _ in range(3)]
    assert paginate(latest_posts(), 1, 2).has_next
    db.session.delete(posts[0])
    db.session.commit()
    found = paginate(latest_posts(), 1, 2)
    assert (found.total, found.has_next) == (2, False)


def test_the_number_as_of_a_moment_is_another_one(kept, ann, make_post):
    post = make_post(author=ann)
    make_post(author=ann)
    assert posts_by(ann).number(until=post.timestamp) == 1
    assert posts_by(ann).number() == 2
    assert latest_posts().number(until=post.timestamp) == 1
    assert latest_posts().number() == 2


# --- Whose posts somebody follows ----------------------------------------------------------


@pytest.fixture
def timeline(ann, monkeypatch):
    """Return the newest of the posts that ann follows."""
    monkeypatch.setattr(posts, "_MANY", 0)
    return lambda: paginate(followed_posts(ann), 1, 2).items


@pytest.fixture
def writers(kept, ann, make_user, make_post):
    """Five people whom ann follows, each with a post, the latest at the end."""
    people = [make_user() for _ in range(5)]
    for person in people:
        ann.follow(person)
        make_post(author=person)
    return people


def test_who_wrote_last_is_kept(writers, timeline, statements):
    first = timeline()
    assert [post.author for post in first] == writers[:-3:-1]
    with statements() as seen:
        assert timeline() == first
    assert len(seen) == 1


def test_a_new_post_is_seen_at_once_whoever_wrote_it(writers, timeline, make_post, make_user):
    timeline()
    new = make_post(author=writers[0])
    make_post(author=make_user())
    assert timeline()[0] == new
    newer = make_post(author=writers[1])
    assert timeline() == [newer, new]


def test_whom_one_follows_now_is_seen_at_once(writers, timeline, ann, make_post, make_user):
    stranger = make_user()
    post = make_post(author=stranger)
    assert post not in timeline()
    ann.follow(stranger)
    db.session.commit()
    assert timeline()[0] == post
    ann.unfollow(stranger)
    db.session.commit()
    assert post not in timeline()


def test_one_s_own_post_is_seen_at_once(writers, timeline, ann, make_post):
    timeline()
    own = make_post(author=ann)
    assert timeline()[0] == own


def test_the_first_post_of_all_is_seen_at_once(kept, timeline, ann, bob, make_post):
    ann.follow(bob)
    db.session.commit()
    assert timeline() == []
    post = make_post(author=bob)
    assert timeline() == [post]
