"""Lists of comments."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, load_only, raiseload

from ..models import Comment, Post, User
from .posts import AUTHOR, OUTLINE_OF_AUTHOR


def _with_author(rows: Select) -> Select:
    return rows.options(
        joinedload(Comment.author).load_only(*AUTHOR, raiseload=True),
        raiseload("*", sql_only=True),
    )


def comments_under(post: Post) -> Select:
    """The comments of a post, oldest first, as a conversation is read."""
    return (
        _with_author(select(Comment))
        .where(Comment.post_id == post.id)
        .order_by(Comment.timestamp, Comment.id)
    )


def outlines(rows: Select) -> Select:
    """Return the comments of a list without their texts, as queries/posts.py does with posts."""
    columns = (Comment.id, Comment.timestamp, Comment.edited_at, Comment.render_version)
    rows = rows.with_only_columns(
        *columns, Comment.disabled, *OUTLINE_OF_AUTHOR, maintain_column_froms=True
    )
    return rows.outerjoin(User, User.id == Comment.author_id)


def comments_with_ids(ids: list[int]) -> Select:
    return _with_author(select(Comment)).where(Comment.id.in_(ids))


def latest_comments() -> Select:
    """All comments, newest first, for moderation."""
    return _with_author(select(Comment)).order_by(Comment.timestamp.desc(), Comment.id.desc())


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
