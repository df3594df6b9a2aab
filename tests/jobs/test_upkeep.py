"""Keeping the database tidy and true."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from app.extensions import db
from app.jobs import upkeep
from app.lib import markdown
from app.lib.clock import utcnow
from app.lib.markdown import RENDER_VERSION
from app.models import Comment, Job, Post, RateLimit, User, UserSession, counters, later
from app.models.total import Total, total_of

OLD = {"body_html": "as it was rendered before", "render_version": RENDER_VERSION - 1}


@pytest.fixture
def keep(app):
    """Promise a job, which is kept at once."""

    def run(name):
        later(name)
        db.session.commit()
        db.session.expire_all()

    return run


@pytest.fixture
def old_texts(make_post, make_comment):
    """A post and a comment that an older renderer rendered."""
    post = make_post("*post*")
    comment = make_comment("*comment*", post=post)
    for model in (Post, Comment):
        db.session.execute(update(model).values(OLD))
    db.session.commit()
    return post, comment


def test_recounting_repairs_the_counters(keep, ann, make_post):
    make_post(author=ann)
    db.session.execute(update(User).values(post_count=99))
    db.session.commit()
    keep("upkeep.recount")
    assert ann.post_count == 1


def test_recounting_goes_on_until_everything_is_counted(keep, ann, bob, make_post, monkeypatch):
    monkeypatch.setattr(counters, "_SOME", 1)
    posts = [make_post(author=author) for author in (ann, bob)]
    db.session.execute(update(User).values(post_count=99))
    db.session.execute(update(Post).values(comment_count=99))
    db.session.execute(update(Total).values(value=99))
    db.session.commit()
    keep("upkeep.recount")
    assert (ann.post_count, bob.post_count) == (1, 1)
    assert [post.comment_count for post in posts] == [0, 0]
    assert db.session.scalar(select(total_of(Post))) == 2


def test_texts_of_an_older_renderer_are_rendered_again(keep, old_texts):
    post, comment = old_texts
    keep("upkeep.render")
    assert (post.body_html, post.render_version) == ("<p><em>post</em></p>", RENDER_VERSION)
    assert (comment.body_html, comment.render_version) == ("<em>comment</em>", RENDER_VERSION)


def test_texts_that_were_never_rendered_are(keep, app):
    db.session.execute(insert(Post).values(body="*x*", render_version=RENDER_VERSION))
    db.session.commit()
    keep("upkeep.render")
    assert Post.query.one().body_html == "<p><em>x</em></p>"


def test_rendering_again_is_no_edit(keep, old_texts):
    keep("upkeep.render")
    assert old_texts[0].edited_at is None


def test_texts_of_today_s_renderer_and_missing_ones_are_left_alone(keep, make_post, monkeypatch):
    make_post("text")
    db.session.add(Post(body=None))
    db.session.commit()

    def never(_text):
        raise AssertionError

    monkeypatch.setattr(Post, "render", staticmethod(never))
    keep("upkeep.render")
    assert Job.query.one().last_error is None


def test_many_texts_are_rendered_batch_by_batch(keep, app, monkeypatch):
    monkeypatch.setattr(upkeep, "_BATCH", 2)
    db.session.execute(insert(Post), [{"body": "*x*", **OLD}] * 5)
    db.session.execute(insert(Comment), [{"body": "*x*", **OLD}] * 3)
    db.session.commit()
    keep("upkeep.render")
    assert {post.render_version for post in Post.query} == {RENDER_VERSION}
    assert {comment.render_version for comment in Comment.query} == {RENDER_VERSION}
    assert Job.query.filter_by(name="upkeep.render").count() > 1
    assert Job.query.filter(Job.done_at.is_(None)).count() == 0


def test_a_text_that_is_too_long_by_now_holds_up_no_other(keep, app):
    """A limit may have been lowered since; the text keeps the HTML it has."""
    too_long = "x" * (markdown.POST_LIMIT + 1)
    db.session.execute(insert(Post), [{"body": too_long, **OLD}, {"body": "*x*", **OLD}])
    db.session.commit()
    keep("upkeep.render")
    assert Job.query.one().last_error is None
    long, short = Post.query.order_by(Post.id)
    assert short.body_html == "<p><em>x</em></p>"
    assert long.body_html == OLD["body_html"]


def test_tidying_removes_what_nobody_can_use_any_more(keep, ann, bob):
    now = utcnow()
    stale, fresh = ann.start_session(), bob.start_session()
    stale.last_used_at = now - timedelta(days=15)
    db.session.add_all(
        [
            RateLimit(key="over", hits=1, expires_at=now - timedelta(seconds=1)),
            RateLimit(key="running", hits=1, expires_at=now + timedelta(hours=1)),
            Job(name="old", payload={}, done_at=now - timedelta(days=8)),
            Job(name="recent", payload={}, done_at=now - timedelta(days=6)),
            Job(name="waiting", payload={}, created_at=now - timedelta(days=30)),
        ]
    )
    db.session.commit()
    fresh_id = fresh.id
    keep("upkeep.tidy")
    assert [session.id for session in UserSession.query] == [fresh_id]
    assert [limit.key for limit in RateLimit.query] == ["running"]
    assert {job.name for job in Job.query} == {"recent", "waiting", "upkeep.tidy"}
