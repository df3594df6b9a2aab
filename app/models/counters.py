"""Counters in columns, so that no page has to count rows.

They move in SQL, in the transaction that adds or removes the row, and whichever way the row came
to be: contract, since posts and comments may be made in code without a verb. Rows that a verb
inserts or deletes in bulk pass by these listeners, and the verb moves the counters itself.

The counters of a comment move before it is added: on MariaDB its foreign keys hold its post so that
others may hold it as well, and of two who do neither could go on to the counter.
"""

from sqlalchemy import Connection, event, func, inspect, select, update

from ..extensions import db
from .comment import Comment
from .follow import Follow
from .post import Post
from .total import move_total, recount_totals
from .user import User


def _move(connection: Connection, model, row_id: int | None, column: str, by: int, **also) -> None:
    """Add `by` to a counter `column` of the row of `model` with this id, if there is one.

    `also` are further values that the row gets.
    """
    if row_id is not None:
        table = model.__table__
        moved = {column: table.c[column] + by, **also}
        connection.execute(update(table).where(table.c.id == row_id).values(moved))


def _count(model, key: str, counted, column: str, **also) -> None:
    """Keep `column` of `counted` the number of rows of `model` whose `key` points there."""

    def add(_mapper, connection: Connection, row) -> None:
        _move(connection, counted, getattr(row, key), column, +1, **also)

    def take_away(_mapper, connection: Connection, row) -> None:
        _move(connection, counted, getattr(row, key), column, -1, **also)

    def hand_over(_mapper, connection: Connection, row) -> None:
        change = inspect(row).attrs[key].history
        if change.has_changes():
            for by, ids in ((-1, change.deleted), (+1, change.added)):
                for row_id in ids:
                    _move(connection, counted, row_id, column, by, **also)

    # What else is set may have to see the row.
    event.listen(model, "after_insert" if also else "before_insert", add)
    event.listen(model, "after_delete", take_away)
    event.listen(model, "after_update", hand_over)


def _count_all(model) -> None:
    """Keep the total of `model`."""

    def add(_mapper, connection: Connection, row) -> None:
        move_total(connection, model, row.author_id, +1)

    def take_away(_mapper, connection: Connection, row) -> None:
        move_total(connection, model, row.author_id, -1)

    event.listen(model, "after_insert", add)
    event.listen(model, "after_delete", take_away)


# When somebody wrote last, as the posts say; the index of an author's posts knows.
_LAST_POST = select(func.max(Post.timestamp)).where(Post.author_id == User.id)

_count(Post, "author_id", User, "post_count", last_post_at=_LAST_POST.scalar_subquery())
_count(Comment, "post_id", Post, "comment_count")
_count(Comment, "author_id", User, "comment_count")
_count_all(Post)
_count_all(Comment)


@event.listens_for(Post, "after_update")
def _note_changed_time(_mapper, connection: Connection, post: Post) -> None:
    if inspect(post).attrs.timestamp.history.has_changes():
        author = update(User).where(User.id == post.author_id)
        connection.execute(author.values(last_post_at=_LAST_POST.scalar_subquery()))


@event.listens_for(Follow, "before_insert")
def _count_new_follow(_mapper, connection: Connection, follow: Follow) -> None:
    _count_follow(connection, follow, +1)


@event.listens_for(Follow, "after_delete")
def _count_lost_follow(_mapper, connection: Connection, follow: Follow) -> None:
    _count_follow(connection, follow, -1)


def _count_follow(connection: Connection, follow: Follow, by: int) -> None:
    if follow.follower_id != follow.followed_id:  # the self-follow is nobody's follower
        _move(connection, User, follow.follower_id, "followed_count", by)
        _move(connection, User, follow.followed_id, "follower_count", by)


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
        (User.last_post_at, _LAST_POST),
    ):
        truth = rows.scalar_subquery()
        db.session.execute(
            update(column.class_)
            .where(column.is_distinct_from(truth))
            .values({column: truth})
            .execution_options(synchronize_session=False)
        )
    recount_totals(Post, Comment)
