"""Lists of comments."""

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload, load_only, raiseload

from ..models import Comment, Post, User
from ..models.total import total_of
from .lists import List, Order, Rows
from .posts import AUTHOR, OUTLINE_OF_AUTHOR

_comments = Comment.__table__.c
NEWEST_COMMENTS = Order(_comments.timestamp, _comments.id)
OLDEST_COMMENTS = Order(_comments.timestamp, _comments.id, newest_first=False)


def _with_author(rows: Select) -> Select:
    return rows.options(
        joinedload(Comment.author).load_only(*AUTHOR, raiseload=True),
        raiseload("*", sql_only=True),
    )


def records(keys: Select) -> Select:
    """Return the comments with their authors."""
    return _with_author(keys.select_from(Comment).with_only_columns(Comment))


def outlines(keys: Select) -> Select:
    """Return the comments of a list without their texts, as queries/posts.py does with posts."""
    columns = (
        _comments.id,
        _comments.timestamp,
        _comments.edited_at,
        _comments.render_version,
        _comments.disabled,
    )
    rows = keys.with_only_columns(*columns, *OUTLINE_OF_AUTHOR, maintain_column_froms=True)
    users = User.__table__
    return rows.outerjoin(users, users.c.id == _comments.author_id)


_ALL = select(_comments.id)
_UNDER = List(_ALL.where(_comments.post_id == bindparam("post_id")), OLDEST_COMMENTS, records)
_LATEST = List(_ALL, NEWEST_COMMENTS, records, total=total_of(Comment))


def comments_under(post: Post) -> Rows:
    """The comments of a post, oldest first, as a conversation is read."""
    return _UNDER.of(post_id=post.id, total=post.comment_count)


def latest_comments(reader: User | None = None) -> Rows:
    """All comments. `reader` is who asks: their own come to the total at once."""
    return _LATEST.of(own=(reader.id, reader.comment_count) if reader else ())


def comments_with_ids(ids: list[int]) -> Select:
    return _with_author(select(Comment)).where(Comment.id.in_(ids))


def comment_with_post(comment_id: int) -> Select:
    return (
        _with_author(select(Comment))
        .options(joinedload(Comment.post).options(load_only(Post.id)))
        .where(Comment.id == comment_id)
    )


def comment_locks(comment_id: int) -> tuple[Select, Select]:
    """The ids of the comment's post and of the comment, kept from everybody else.

    In this order: whoever deletes the post takes it first and its comments then.
    """
    post_id = select(Comment.post_id).where(Comment.id == comment_id).scalar_subquery()
    return (
        select(Post.id).where(Post.id == post_id).with_for_update(),
        select(Comment.id).where(Comment.id == comment_id).with_for_update(),
    )
