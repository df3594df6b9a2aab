"""What the counters should say: the rows, counted."""

from sqlalchemy import func, select

from app.extensions import db
from app.models import Comment, Follow, Post, User
from app.models.counters import recount as recount_some
from app.models.total import recount_totals, total_of


def counters():
    """Return all counters, as the columns say."""
    users = select(
        User.id,
        User.post_count,
        User.comment_count,
        User.follower_count,
        User.followed_count,
        User.last_post_at,
    )
    posts = select(Post.id, Post.comment_count)
    totals = [select(total_of(model)) for model in (Post, Comment)]
    return _read(users, posts, *totals)


def counts():
    """Return the same, as the rows say."""

    def number(condition):
        return select(func.count()).where(condition).scalar_subquery()

    not_self = Follow.follower_id != Follow.followed_id
    users = select(
        User.id,
        number(Post.author_id == User.id),
        number(Comment.author_id == User.id),
        number((Follow.followed_id == User.id) & not_self),
        number((Follow.follower_id == User.id) & not_self),
        select(func.max(Post.timestamp)).where(Post.author_id == User.id).scalar_subquery(),
    )
    posts = select(Post.id, number(Comment.post_id == Post.id))
    totals = [select(func.count()).select_from(model) for model in (Post, Comment)]
    return _read(users, posts, *totals)


def recount():
    """Recount everything at once, as the nightly job does bit by bit."""
    for model in (User, Post):
        first = 1
        while first is not None:
            first = recount_some(model, first)
    recount_totals(Post, Comment)


def _read(*statements):
    return [sorted(map(tuple, db.session.execute(statement))) for statement in statements]
