"""Lists of posts, newest first."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, raiseload

from ..models import Follow, Post, User

# What a list shows of an author; nothing else is loaded.
AUTHOR = (User.id, User.username, User.name, User.picture, User.avatar_hash, User.email)


def _with_author(rows: Select) -> Select:
    return rows.options(
        joinedload(Post.author).load_only(*AUTHOR, raiseload=True),
        raiseload("*", sql_only=True),
    )


def latest_posts() -> Select:
    return _with_author(select(Post)).order_by(Post.timestamp.desc(), Post.id.desc())


def posts_by(author: User) -> Select:
    return latest_posts().where(Post.author_id == author.id)


def followed_posts(reader: User) -> Select:
    """Posts by the people `reader` follows, and by themselves."""
    return (
        latest_posts()
        .join(Follow, Follow.followed_id == Post.author_id)
        .where(Follow.follower_id == reader.id)
    )


def post_with_author(post_id: int) -> Select:
    return _with_author(select(Post)).where(Post.id == post_id)
