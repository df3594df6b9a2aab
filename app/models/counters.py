"""Counters in columns, so that no page has to count rows.

They move in SQL, in the transaction that adds or removes the row, and whichever way the row came
to be: contract, since posts and comments may be made in code without a verb. Rows that a verb
inserts or deletes in bulk pass by these listeners, and the verb moves the counters itself.
"""

from sqlalchemy import Connection, event, func, select, update

from ..extensions import db
from .comment import Comment
from .follow import Follow
from .post import Post
from .user import User


def move(connection, model, row_id: int | None, column: str, by: int) -> None:
    """Add `by` to a counter `column` of the row of `model` with this id, if there is one."""
    if row_id is None:
        return
    table = model.__table__
    connection.execute(
        update(table).where(table.c.id == row_id).values({column: table.c[column] + by})
    )


def _count_post(connection: Connection, post: Post, by: int) -> None:
    move(connection, User, post.author_id, "post_count", by)


def _count_comment(connection: Connection, comment: Comment, by: int) -> None:
    move(connection, User, comment.author_id, "comment_count", by)
    move(connection, Post, comment.post_id, "comment_count", by)


def _count_follow(connection: Connection, follow: Follow, by: int) -> None:
    if follow.follower_id != follow.followed_id:  # the self-follow is nobody's follower
        move(connection, User, follow.follower_id, "followed_count", by)
        move(connection, User, follow.followed_id, "follower_count", by)


def _listen(model, count) -> None:
    event.listen(model, "after_insert", lambda _mapper, conn, row: count(conn, row, +1))
    event.listen(model, "after_delete", lambda _mapper, conn, row: count(conn, row, -1))


_listen(Post, _count_post)
_listen(Comment, _count_comment)
_listen(Follow, _count_follow)


def recount() -> None:
    """Set every counter to what the rows say, for the case that one went astray."""
    not_self = Follow.follower_id != Follow.followed_id
    for column, rows in (
        (User.post_count, select(func.count()).where(Post.author_id == User.id)),
        (User.comment_count, select(func.count()).where(Comment.author_id == User.id)),
        (
            User.follower_count,
            select(func.count()).where(Follow.followed_id == User.id, not_self),
        ),
        (
            User.followed_count,
            select(func.count()).where(Follow.follower_id == User.id, not_self),
        ),
        (Post.comment_count, select(func.count()).where(Comment.post_id == Post.id)),
    ):
        truth = rows.scalar_subquery()
        db.session.execute(
            update(column.class_)
            .where(column != truth)
            .values({column: truth})
            .execution_options(synchronize_session=False)
        )
