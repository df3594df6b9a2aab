"""One form that was filled in makes one row."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import Comment, Job, Post, later
from app.models.publishing import publish_once

MARK = "6f1c1e5e-0000-4000-8000-000000000000"


def test_a_form_makes_a_post(ann):
    publish_once(Post, author=ann, submission=MARK, body="*x*")
    db.session.commit()
    post = Post.query.one()
    assert (post.author, post.body_html, ann.post_count) == (ann, "<p><em>x</em></p>", 1)


def test_a_form_that_is_sent_twice_makes_one_row(ann):
    for _ in range(2):
        publish_once(Post, author=ann, submission=MARK, body="x")
        db.session.commit()
    assert Post.query.count() == ann.post_count == 1


def test_a_form_without_a_mark_makes_a_row_each_time(ann):
    for _ in range(2):
        publish_once(Post, author=ann, submission=None, body="x")
    db.session.commit()
    assert Post.query.count() == ann.post_count == 2


def test_a_mark_is_its_author_s_own(ann, bob):
    for author in (ann, bob):
        publish_once(Post, author=author, submission=MARK, body="x")
    db.session.commit()
    assert Post.query.count() == 2


def test_a_post_and_a_comment_may_have_one_mark(ann, make_post):
    post = make_post()
    publish_once(Post, author=ann, submission=MARK, body="x")
    publish_once(Comment, author=ann, submission=MARK, body="x", post_id=post.id)
    db.session.commit()
    assert (ann.post_count, ann.comment_count, post.comment_count) == (1, 1, 1)


@pytest.fixture
def too_early(ann, monkeypatch):
    """Let the first look at what was sent before find nothing, as in a race."""
    real, looks = db.session.scalar, []

    def scalar(statement):
        looks.append(statement)
        return real(statement) if len(looks) > 1 else None

    monkeypatch.setattr(db.session, "scalar", scalar)


def test_two_forms_at_the_same_moment_make_one_row(ann, too_early):
    db.session.add(Post(author=ann, submission=MARK, body="x"))
    later("upkeep.tidy")
    db.session.flush()
    publish_once(Post, author=ann, submission=MARK, body="x")
    db.session.commit()
    assert Post.query.count() == ann.post_count == 1
    assert Job.query.one().done_at is not None  # what else was promised is kept


def test_any_other_fault_is_not_hidden(ann):
    with pytest.raises(IntegrityError):
        publish_once(Comment, author=ann, submission=None, body="x", post_id=4711)
    with pytest.raises(IntegrityError):
        publish_once(Comment, author=ann, submission=MARK, body="x", post_id=4711)
