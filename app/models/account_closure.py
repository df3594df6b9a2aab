"""Closing an account.

The rule: what a person wrote goes with them. Their posts with all comments below, their comments
elsewhere, whom they follow and who follows them, their picture, their sessions and what was
promised to them are removed; the counters of everybody who stays are right afterwards. Nothing is
kept under another name.
"""

from sqlalchemy import delete, func, or_, select, update

from ..extensions import db
from .comment import Comment
from .follow import Follow
from .job import Job
from .post import Post
from .role import Permission, Role
from .total import move_total
from .user import User

_IN_SQL = {"synchronize_session": False}  # what the session holds is not asked


def close_account(user: User) -> None:
    """Remove `user` and all that hangs on them, in a handful of statements.

    Raises LastAdministrator if nobody else could administer the site afterwards.
    """
    ensure_another_administrator(user)
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    own_posts = select(Post.id).where(Post.author_id == user.id)
    _subtract(User, Comment.author_id, Comment.post_id.in_(own_posts), "comment_count")
    _subtract(Post, Comment.post_id, Comment.author_id == user.id, "comment_count")
    not_self = Follow.follower_id != Follow.followed_id
    followed = (Follow.follower_id == user.id) & not_self
    _subtract(User, Follow.followed_id, followed, "follower_count")
    following = (Follow.followed_id == user.id) & not_self
    _subtract(User, Follow.follower_id, following, "followed_count")
    for model, going in (
        (Post, Post.author_id == user.id),
        (Comment, or_(Comment.author_id == user.id, Comment.post_id.in_(own_posts))),
    ):
        number = db.session.scalar(select(func.count()).where(going).select_from(model))
        move_total(db.session.connection(), model, user.id, -number)
    db.session.execute(delete(Job).where(_is_promised_to(user)).execution_options(**_IN_SQL))
    user.promise_to_forget_picture()
    # The foreign keys take the rest along.
    db.session.execute(delete(User).where(User.id == user.id).execution_options(**_IN_SQL))
    db.session.expunge(user)


class LastAdministrator(Exception):
    """The site would be left without an administrator."""


def ensure_another_administrator(user: User) -> None:
    """Raise LastAdministrator if `user` is the only one who can administer the site.

    The rows are locked until the transaction ends, so that two administrators who demote each
    other at the same moment do not both succeed.
    """
    if not user.is_administrator():
        return
    is_admin_role = Role.permissions.bitwise_and(Permission.ADMIN) == Permission.ADMIN
    administrators = select(User.id).join(Role, User.role_id == Role.id).where(is_admin_role)
    locked = db.session.scalars(administrators.order_by(User.id).with_for_update()).all()
    if not set(locked) - {user.id}:
        raise LastAdministrator


def _subtract(model, key, condition, column: str) -> None:
    """Lower `column` of each row of `model` by the number of rows that go and point at it."""
    counts = select(key.label("id"), func.count().label("n")).where(condition).group_by(key)
    going = counts.subquery()
    number = select(going.c.n).where(going.c.id == model.id).scalar_subquery()
    db.session.execute(
        update(model)
        .where(model.id.in_(select(going.c.id)))
        .values({column: getattr(model, column) - number})
        .execution_options(**_IN_SQL)
    )


def _is_promised_to(user: User):
    """The jobs that name `user`: even when they are done they hold addresses."""
    by_id = Job.payload["user_id"].as_integer() == user.id
    if user.email is None:
        return by_id
    return or_(by_id, Job.payload["email"].as_string() == user.email)
