"""Lists of posts, newest first."""

from datetime import datetime
from functools import partial

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload, raiseload

from ..models import Follow, Post, User
from .paging import Top

# What a list shows of an author; nothing else is loaded.
AUTHOR = (User.id, User.username, User.name, User.picture, User.avatar_hash, User.email)
OUTLINE_OF_AUTHOR = (
    User.id.label("author_id"),
    User.username,
    User.name,
    User.picture,
    User.avatar_hash,
)
_LONG_AGO = datetime(1000, 1, 1)  # the first that every database can hold


def _with_author(rows: Select) -> Select:
    return rows.options(
        joinedload(Post.author).load_only(*AUTHOR, raiseload=True),
        raiseload("*", sql_only=True),
    )


# Made once: putting a statement together costs more than some databases take to answer it.
_LATEST = _with_author(select(Post)).order_by(Post.timestamp.desc(), Post.id.desc())


def latest_posts() -> Select:
    return _LATEST


def outlines(rows: Select) -> Select:
    """Return the posts of a list without their texts: all else that a page shows of them.

    As plain rows, not objects: a page of twenty costs half as much.
    """
    columns = (Post.id, Post.timestamp, Post.edited_at, Post.render_version, Post.comment_count)
    rows = rows.with_only_columns(*columns, *OUTLINE_OF_AUTHOR, maintain_column_froms=True)
    return rows.outerjoin(User, User.id == Post.author_id)


def posts_with_ids(ids: list[int]) -> Select:
    return _with_author(select(Post)).where(Post.id.in_(ids))


def posts_by(author: User) -> Select:
    return latest_posts().where(Post.author_id == author.id)


def followed_posts(reader: User) -> Select:
    """Posts by the people `reader` follows, and by themselves."""
    return (
        latest_posts()
        .join(Follow, Follow.followed_id == Post.author_id)
        .where(Follow.follower_id == reader.id)
    )


def number_of_followed_posts(reader: User):
    """How many posts `followed_posts` holds, in SQL."""
    counts = select(func.coalesce(func.sum(User.post_count), 0))
    followed = counts.join(Follow, Follow.followed_id == User.id)
    return followed.where(Follow.follower_id == reader.id).scalar_subquery()


def top_of_followed_posts(reader: User) -> Top:
    """The shorter way to the newest of `followed_posts`, whomever `reader` follows.

    The 21 newest posts come from the 21 people who wrote last, and of each of them from the 21
    newest. Without that, a database reads all posts by everybody the reader follows, or all posts
    until it has found enough: up to 800 ms with a million posts, instead of one or two.
    """
    return partial(_newest_followed_posts, reader)


def _newest_followed_posts(reader: User, count: int, until: datetime | None) -> Select:
    authors = _people_to_read(reader, None if until else count)
    of_theirs = aliased(Post)
    oldest = select(of_theirs.timestamp).where(of_theirs.author_id == authors.c.id)
    if until is not None:
        oldest = oldest.where(of_theirs.timestamp < until)
    oldest = oldest.order_by(of_theirs.timestamp.desc()).limit(1).offset(count - 1)
    wanted = Post.timestamp >= func.coalesce(oldest.scalar_subquery(), _LONG_AGO)
    return latest_posts().join(authors, authors.c.id == Post.author_id).where(wanted)


def _people_to_read(reader: User, count: int | None):
    """Those whom `reader` follows; the `count` who wrote last, if it is given."""
    followed = select(Follow.followed_id.label("id")).where(Follow.follower_id == reader.id)
    if count is None:
        return followed.subquery()
    # rank() keeps all who share the last place.
    rank = func.rank().over(order_by=User.last_post_at.desc()).label("rank")
    followed = followed.add_columns(rank).join(User, User.id == Follow.followed_id)
    ranked = followed.where(User.last_post_at.is_not(None)).subquery()
    return select(ranked.c.id).where(ranked.c.rank <= count).subquery()


def post_with_author(post_id: int) -> Select:
    return _with_author(select(Post)).where(Post.id == post_id)


def post_lock(post_id: int) -> Select:
    """The id of the post, kept from everybody else until the transaction ends."""
    return select(Post.id).where(Post.id == post_id).with_for_update()
