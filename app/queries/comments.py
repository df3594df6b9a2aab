"""Lists of comments."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, load_only, raiseload

from ..models import Comment, Post
from .posts import AUTHOR


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


def latest_comments() -> Select:
    """All comments, newest first, for moderation."""
    return _with_author(select(Comment)).order_by(Comment.timestamp.desc(), Comment.id.desc())


def comment_with_post(comment_id: int) -> Select:
    return (
        _with_author(select(Comment))
        .options(joinedload(Comment.post).options(load_only(Post.id)))
        .where(Comment.id == comment_id)
    )
