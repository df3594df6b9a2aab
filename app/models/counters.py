"""Counters in columns, so that no page has to count rows.

They move in SQL, in the transaction that adds or removes the row, and whichever way the row came
to be: contract, since posts and comments may be made in code without a verb. Rows that a verb
inserts or deletes in bulk pass by these listeners, and the verb moves the counters itself.

The counters of a row move before it is added: on MariaDB its foreign keys hold the author and the
post so that others may hold them as well, and of two who do neither could go on to the counter.
"""

from sqlalchemy import Connection, Update, bindparam, case, event, func, inspect, select, update

from ..extensions import db
from ..lib.clock import utcnow
from .comment import Comment
from .follow import Follow
from .post import Post
from .total import move_total
from .user import User

_SOME = 5_000  # rows that are recounted at once


def _moving(column, **also) -> Update:
    """Return the statement that adds `by` to `column` in the row `row_id`, and sets `also`.

    It is put together once, since that takes longer than running it.
    """
    table = column.class_.__table__
    moved = {column.key: table.c[column.key] + bindparam("by"), **also}
    return update(table).where(table.c.id == bindparam("row_id")).values(moved)


# When somebody wrote last, as the posts say; the index of an author's posts knows.
_LAST_POST = select(func.max(Post.timestamp)).where(Post.author_id == User.id)
_MOMENT = bindparam("moment", type_=Post.timestamp.type)


def last_post_with(moment):
    """Return the same with the post of `moment`, which is about to be added."""
    return case((User.last_post_at > moment, User.last_post_at), else_=moment)


_POSTS_OF_USER = _moving(User.post_count, last_post_at=_LAST_POST.scalar_subquery())
_NEW_POST_OF_USER = _moving(User.post_count, last_post_at=last_post_with(_MOMENT))
_COMMENTS_OF_USER = _moving(User.comment_count)
_COMMENTS_OF_POST = _moving(Post.comment_count)
_FOLLOWERS = _moving(User.follower_count)
_FOLLOWED = _moving(User.followed_count)

# Which counters count the rows of a model: the key that points at the counting row, and how.
# In this order everywhere: who deletes a post holds it first, and changes its authors then.
_COUNTERS = {
    Post: [("author_id", _POSTS_OF_USER)],
    Comment: [("post_id", _COMMENTS_OF_POST), ("author_id", _COMMENTS_OF_USER)],
}


def _count_new(connection: Connection, row: Post | Comment) -> None:
    """Count `row`, which is about to be added; its total moves when it has been."""
    for key, statement in _COUNTERS[type(row)]:
        more = {}
        if statement is _POSTS_OF_USER:
            statement, more = _NEW_POST_OF_USER, {"moment": row.timestamp}
        _move(connection, statement, getattr(row, key), +1, **more)


def uncount(connection: Connection, model, row: dict) -> None:
    """Undo what counting `row` did, a Post or Comment that is not there or has been deleted."""
    for key, statement in _COUNTERS[model]:
        _move(connection, statement, row[key], -1)


def _move(connection: Connection, statement: Update, row_id: int | None, by: int, **more) -> None:
    if row_id is not None:
        connection.execute(statement, {"row_id": row_id, "by": by, **more})


def _hand_over(connection: Connection, row: Post | Comment) -> None:
    """Count `row` where it belongs now, if that is somewhere else than before."""
    for key, statement in _COUNTERS[type(row)]:
        change = inspect(row).attrs[key].history
        if change.has_changes():
            for by, ids in ((-1, change.deleted), (+1, change.added)):
                for row_id in ids:
                    _move(connection, statement, row_id, by)


def _listen(model) -> None:
    """Keep the counters and the total of `model` true while rows come and go."""

    @event.listens_for(model, "before_insert")
    def count(_mapper, connection: Connection, row) -> None:
        row.timestamp = row.timestamp or utcnow()
        _count_new(connection, row)

    @event.listens_for(model, "after_insert")
    def add_to_total(_mapper, connection: Connection, row) -> None:
        move_total(connection, model, row.author_id, +1)

    @event.listens_for(model, "after_update")
    def hand_over(_mapper, connection: Connection, row) -> None:
        _hand_over(connection, row)

    @event.listens_for(model, "after_delete")
    def take_away(_mapper, connection: Connection, row) -> None:
        uncount(connection, model, {key: getattr(row, key) for key, _ in _COUNTERS[model]})
        move_total(connection, model, row.author_id, -1)


_listen(Post)
_listen(Comment)


@event.listens_for(Post, "after_update")
def _note_changed_time(_mapper, connection: Connection, post: Post) -> None:
    if inspect(post).attrs.timestamp.history.has_changes():
        _move(connection, _POSTS_OF_USER, post.author_id, 0)


@event.listens_for(Follow, "before_insert")
def _count_new_follow(_mapper, connection: Connection, follow: Follow) -> None:
    _count_follow(connection, follow, +1)


@event.listens_for(Follow, "after_delete")
def _count_lost_follow(_mapper, connection: Connection, follow: Follow) -> None:
    _count_follow(connection, follow, -1)


def _count_follow(connection: Connection, follow: Follow, by: int) -> None:
    if follow.follower_id != follow.followed_id:  # the self-follow is nobody's follower
        _move(connection, _FOLLOWED, follow.follower_id, by)
        _move(connection, _FOLLOWERS, follow.followed_id, by)


# What a column should say, by the model that it belongs to.
_NOT_SELF = Follow.follower_id != Follow.followed_id
_TRUTHS = {
    User: [
        (User.post_count, select(func.count()).where(Post.author_id == User.id)),
        (User.comment_count, select(func.count()).where(Comment.author_id == User.id)),
        (User.follower_count, select(func.count()).where(Follow.followed_id == User.id, _NOT_SELF)),
        (User.followed_count, select(func.count()).where(Follow.follower_id == User.id, _NOT_SELF)),
        (User.last_post_at, _LAST_POST),
    ],
    Post: [(Post.comment_count, select(func.count()).where(Comment.post_id == Post.id))],
}


def recount(model, first: int) -> int | None:
    """Set the counters of some thousand rows of `model`, User or Post, to what the rows say.

    That is for the case that one went astray. It begins with the id `first`, and returns where the
    next ones begin, or None at the end: no statement takes long, however many rows there are.
    """
    next_one = select(model.id).where(model.id >= first).order_by(model.id).offset(_SOME).limit(1)
    following = db.session.scalar(next_one)
    here = model.id >= first if following is None else model.id.between(first, following - 1)
    for column, rows in _TRUTHS[model]:
        _mend(column, rows.scalar_subquery(), here)
    return following


def _mend(column, truth, here) -> None:
    """Set `column` to `truth` in the rows `here` where it says something else.

    Somebody may be writing just now, and PostgreSQL would wait for them and then store what it had
    counted before. So the rows that look wrong are held first, and are looked at again by a
    statement that begins afterwards.
    """
    row_id, is_wrong = column.class_.id, column.is_distinct_from(truth)
    suspects = db.session.scalars(select(row_id).where(here, is_wrong)).all()
    if suspects:
        these = row_id.in_(suspects)
        db.session.execute(select(row_id).where(these).order_by(row_id).with_for_update())
        mending = update(column.class_).where(these, is_wrong).values({column: truth})
        db.session.execute(mending.execution_options(synchronize_session=False))
