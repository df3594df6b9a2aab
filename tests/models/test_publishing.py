"""One form that was filled in makes one row."""

import pytest
from sqlalchemy.orm.exc import StaleDataError

from app.extensions import db
from app.models import Comment, Job, Post, User, later
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


def test_what_else_the_transaction_holds_is_kept(ann):
    db.session.add(Post(author=ann, submission=MARK, body="x"))
    later("upkeep.tidy")
    publish_once(Post, author=ann, submission=MARK, body="x")
    db.session.commit()
    assert Post.query.count() == ann.post_count == 1
    assert Job.query.one().done_at is not None


def test_what_was_sent_twice_leaves_the_time_of_the_last_post(ann):
    publish_once(Post, author=ann, submission=MARK, body="x")
    db.session.commit()
    written_at = ann.last_post_at
    publish_once(Post, author=ann, submission=MARK, body="x")
    db.session.commit()
    assert ann.last_post_at == written_at == Post.query.one().timestamp


def test_what_was_added_is_a_record_like_any_other(ann):
    post = db.session.get(Post, publish_once(Post, author=ann, submission=None, body="x"))
    assert (post.author, post.comment_count) == (ann, 0)
    post.body = "y"
    db.session.commit()
    assert (Post.query.one().body, ann.post_count) == ("y", 1)


def test_what_a_savepoint_undoes_does_not_count_as_noted(ann):
    savepoint = db.session.begin_nested()
    publish_once(Post, author=ann, submission=None, body="x")
    savepoint.rollback()
    User.note_write_of(ann.id)
    db.session.commit()
    assert (ann.wrote_at is not None, ann.post_count) == (True, 0)


@pytest.mark.parametrize("mark", [None, MARK])
def test_nothing_is_added_to_what_has_gone(ann, mark):
    with pytest.raises(StaleDataError):
        publish_once(Comment, author=ann, submission=mark, body="x", post_id=4711)
    db.session.rollback()
    assert (Comment.query.count(), ann.comment_count) == (0, 0)


# --- Where no record changes, so that a database may do without a transaction ----------------


def test_a_form_makes_one_post_however_often_it_is_sent(ann, by_statements):
    for _ in range(2):
        publish_once(Post, author=ann, submission=MARK, body="*x*")
        db.session.commit()
    ann = User.query.one()
    assert (Post.query.one().author, ann.post_count) == (ann, 1)
    assert ann.last_post_at == Post.query.one().timestamp <= ann.wrote_at


def test_a_comment_counts_for_its_post_and_its_author(ann, by_statements):
    post_id = publish_once(Post, author=ann, submission=MARK, body="x")
    publish_once(Comment, author=ann, submission=MARK, body="x", post_id=post_id)
    db.session.commit()
    assert (Post.query.one().comment_count, User.query.one().comment_count) == (1, 1)


def test_without_a_mark_there_is_a_transaction_to_undo(ann, by_statements):
    """Since nobody could tell whether it was done, had the connection been lost."""
    publish_once(Post, author=ann, submission=None, body="x")
    assert db.session.is_in_use()
    db.session.rollback()
    assert (Post.query.count(), User.query.one().post_count) == (0, 0)


def test_a_comment_on_what_has_gone_leaves_nothing(ann, by_statements):
    with pytest.raises(StaleDataError):
        publish_once(Comment, author=ann, submission=MARK, body="x", post_id=4711)
    db.session.rollback()
    assert (Comment.query.count(), User.query.one().comment_count) == (0, 0)
