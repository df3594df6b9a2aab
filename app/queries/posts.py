"""Lists of posts, newest first."""

from datetime import datetime

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import joinedload, raiseload

from ..extensions import db
from ..models import Follow, Post, User
from ..models.total import total_of
from .landmarks import way_to
from .lists import LAST, UNTIL, List, Order, Rows

# What a list shows of an author; nothing else is loaded.
AUTHOR = (User.id, User.username, User.name, User.picture, User.avatar_hash, User.email)
_posts, _users, _follows = Post.__table__.c, User.__table__.c, Follow.__table__.c
OUTLINE_OF_AUTHOR = (
    _users.id.label("author_id"),
    _users.username,
    _users.name,
    _users.picture,
    _users.avatar_hash,
)
NEWEST_POSTS = Order(_posts.timestamp, _posts.id)
_LONG_AGO = datetime(1000, 1, 1)  # the first that every database can hold
_READER = bindparam("reader_id")


# --- What is read of a post ----------------------------------------------------------------


def _with_author(rows: Select) -> Select:
    return rows.options(
        joinedload(Post.author).load_only(*AUTHOR, raiseload=True),
        raiseload("*", sql_only=True),
    )


def records(keys: Select) -> Select:
    """Return the posts with their authors."""
    return _with_author(keys.select_from(Post).with_only_columns(Post))


def outlines(keys: Select) -> Select:
    """Return the posts of a list without their texts: all else that a page shows of them.

    As plain rows of the tables, not objects: a page of twenty costs a third.
    """
    columns = (
        _posts.id,
        _posts.timestamp,
        _posts.edited_at,
        _posts.render_version,
        _posts.comment_count,
    )
    rows = keys.with_only_columns(*columns, *OUTLINE_OF_AUTHOR, maintain_column_froms=True)
    return rows.outerjoin(User.__table__, _users.id == _posts.author_id)


# --- Which posts ---------------------------------------------------------------------------

_ALL = select(_posts.id)
_followed = _follows.followed_id == _posts.author_id


def _newest_followed(is_until: bool) -> Select:
    """The shorter way to the newest followed posts, whomever the reader follows.

    The 20 newest posts come from the 20 people who wrote last, and of each of them from the 20
    newest. Without that, a database reads all posts by everybody the reader follows, or all posts
    until it has found enough: up to 800 ms with a million posts, instead of one or two.
    """
    authors = _followed_people() if is_until else _followed_people_who_wrote_last()
    of_theirs = Post.__table__.alias().c
    oldest = select(of_theirs.timestamp).where(of_theirs.author_id == authors.c.id)
    if is_until:
        oldest = oldest.where(of_theirs.timestamp < UNTIL)
    oldest = oldest.order_by(of_theirs.timestamp.desc()).limit(1).offset(LAST)
    wanted = _posts.timestamp >= func.coalesce(oldest.scalar_subquery(), _LONG_AGO)
    return _ALL.join(authors, authors.c.id == _posts.author_id).where(wanted)


def _followed_people():
    return select(_follows.followed_id.label("id")).where(_follows.follower_id == _READER).cte()


def _followed_people_who_wrote_last():
    """Those who wrote last, as many as posts are wanted, and all who share the last place."""
    people = select(_follows.followed_id.label("id"), _users.last_post_at.label("at"))
    people = people.join(User.__table__, _users.id == _follows.followed_id)
    people = people.where(_follows.follower_id == _READER, _users.last_post_at.is_not(None)).cte()
    last = select(people.c.at).order_by(people.c.at.desc()).limit(1).offset(LAST)
    wrote_last = people.c.at >= func.coalesce(last.scalar_subquery(), _LONG_AGO)
    return select(people.c.id).where(wrote_last).subquery()


_LATEST = List(_ALL, NEWEST_POSTS, records, total=total_of(Post), way_to=way_to)
_BY_AUTHOR = List(_ALL.where(_posts.author_id == bindparam("author_id")), NEWEST_POSTS, records)
_FOLLOWED = List(
    _ALL.join(Follow.__table__, _followed).where(_follows.follower_id == _READER),
    NEWEST_POSTS,
    records,
    total=select(func.coalesce(func.sum(_users.post_count), 0))
    .join(Follow.__table__, _follows.followed_id == _users.id)
    .where(_follows.follower_id == _READER)
    .scalar_subquery(),
    newest=_newest_followed,
)


def latest_posts(reader: User | None = None) -> Rows:
    """All posts. `reader` is who asks: their own come to the total at once."""
    return _LATEST.of(own=(reader.id, reader.post_count) if reader else ())


def posts_by(author: User) -> Rows:
    return _BY_AUTHOR.of(author_id=author.id, total=author.post_count)


def followed_posts(reader: User) -> Rows:
    """Posts by the people `reader` follows, and by themselves."""
    own = (reader.followed_count, reader.post_count)
    return _FOLLOWED.of(reader_id=reader.id, own=own)


# --- Single posts --------------------------------------------------------------------------


_OUTLINE = outlines(_ALL.where(_posts.id == bindparam("post_id")))


def posts_with_ids(ids: list[int]) -> Select:
    return _with_author(select(Post)).where(Post.id.in_(ids))


def post_with_author(post_id: int) -> Select:
    return _with_author(select(Post)).where(Post.id == post_id)


def post_outline(post_id: int) -> Row | None:
    """Return all of a post but its texts, or None if there is none."""
    return db.session.execute(_OUTLINE, {"post_id": post_id}).first()


def post_lock(post_id: int) -> Select:
    """The id of the post, kept from everybody else until the transaction ends."""
    return select(Post.id).where(Post.id == post_id).with_for_update()
