"""Lists of posts, newest first."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import FromClause, Row, Select, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import joinedload, raiseload

from ..models import AnonymousUser, Follow, Post, User
from ..models.total import total_of
from .kept import kept_answers
from .landmarks import way_to
from .lists import LAST, UNTIL, List, Order, Rows
from .reading import read

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
# More posts than are written while an answer is kept (queries/kept.py). Not a parameter: PostgreSQL
# would plan each time anew, which takes longer than to read them.
_SINCE = literal_column("100")


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


def _newest_by(people: FromClause, is_until: bool) -> Select:
    """The shorter way to the newest followed posts, whomever the reader follows.

    The 20 newest posts come from the 20 people who wrote last, and of each of them from the 20
    newest. Without that, a database reads all posts by everybody the reader follows, or all posts
    until it has found enough: up to 800 ms with a million posts, instead of one or two.
    """
    of_theirs = Post.__table__.alias().c
    oldest = select(of_theirs.timestamp).where(of_theirs.author_id == people.c.id)
    if is_until:
        oldest = oldest.where(of_theirs.timestamp < UNTIL)
    oldest = oldest.order_by(of_theirs.timestamp.desc()).limit(1).offset(LAST)
    wanted = _posts.timestamp >= func.coalesce(oldest.scalar_subquery(), _LONG_AGO)
    return _ALL.join(people, people.c.id == _posts.author_id).where(wanted)


_PEOPLE = select(_follows.followed_id.label("id")).where(_follows.follower_id == _READER)


def _writers() -> Select:
    """Those who wrote last, as many as posts are wanted, and all who share the last place."""
    people = _PEOPLE.add_columns(_users.last_post_at.label("at"))
    people = people.join(User.__table__, _users.id == _follows.followed_id)
    people = people.where(_users.last_post_at.is_not(None)).cte()
    last = select(people.c.at).order_by(people.c.at.desc()).limit(1).offset(LAST)
    return select(people.c.id).where(
        people.c.at >= func.coalesce(last.scalar_subquery(), _LONG_AGO)
    )


_WRITERS = _writers()


def _newest_of_few(is_until: bool) -> Select:
    return _newest_by((_PEOPLE if is_until else _WRITERS).subquery("people"), is_until)


def _newest_of_many(is_until: bool) -> Select:
    """To look at 1,000 people takes longer than to read their posts: who wrote last is known.

    Whoever has written since is found by the latest posts of all, so that nobody's are late.
    """
    people = _PEOPLE
    if not is_until:
        # A derived table, because MariaDB takes no LIMIT inside of IN.
        latest = select(_posts.author_id).order_by(_posts.timestamp.desc()).limit(_SINCE)
        latest = latest.subquery()
        wrote_last = _follows.followed_id.in_(bindparam("writers", expanding=True))
        wrote_since = _follows.followed_id.in_(select(latest.c.author_id))
        people = people.where(or_(wrote_last, wrote_since))
    return _newest_by(people.subquery("people"), is_until)


def _who_wrote_last(rows: Rows, last: int) -> dict:
    """Return who wrote last of those whom the reader follows, as of a moment ago."""
    key = (_WRITERS, rows.values["reader_id"], rows.own, last)
    writers = kept_answers().get(key)
    if writers is None:
        writers = [writer for (writer,) in read(_WRITERS, rows.values | {"last": last})]
        kept_answers().put(key, writers)
    return {"writers": writers}


_LATEST = List(_ALL, NEWEST_POSTS, records, total=total_of(Post), way_to=way_to)
_BY_AUTHOR = List(_ALL.where(_posts.author_id == bindparam("author_id")), NEWEST_POSTS, records)
_OF_FEW = List(
    _ALL.join(Follow.__table__, _followed).where(_follows.follower_id == _READER),
    NEWEST_POSTS,
    records,
    total=select(func.coalesce(func.sum(_users.post_count), 0))
    .join(Follow.__table__, _follows.followed_id == _users.id)
    .where(_follows.follower_id == _READER)
    .scalar_subquery(),
    newest=_newest_of_few,
)
_OF_MANY = replace(_OF_FEW, newest=_newest_of_many, before_newest=_who_wrote_last)
_MANY = 100


def latest_posts(reader: User | AnonymousUser | None = None) -> Rows:
    """All posts. `reader` is who asks: their own come to the total at once."""
    is_known = reader is not None and reader.id is not None
    return _LATEST.of(own=(reader.id, reader.post_count, reader.wrote_at) if is_known else ())


def posts_by(author: User) -> Rows:
    return _BY_AUTHOR.of(author_id=author.id, total=author.post_count)


def followed_posts(reader: User) -> Rows:
    """Posts by the people `reader` follows, and by themselves."""
    own = (reader.followed_count, reader.post_count, reader.wrote_at)
    rows = _OF_MANY if reader.followed_count > _MANY else _OF_FEW
    return rows.of(reader_id=reader.id, own=own)


# --- Single posts --------------------------------------------------------------------------


_OUTLINE = outlines(_ALL.where(_posts.id == bindparam("post_id")))


def posts_with_ids(ids: list[int]) -> Select:
    return _with_author(select(Post)).where(Post.id.in_(ids))


def post_with_author(post_id: int) -> Select:
    return _with_author(select(Post)).where(Post.id == post_id)


def post_outline(post_id: int) -> Row | None:
    """Return all of a post but its texts, or None if there is none."""
    return next(iter(read(_OUTLINE, {"post_id": post_id})), None)


def post_lock(post_id: int) -> Select:
    """The id of the post, kept from everybody else until the transaction ends."""
    return select(Post.id).where(Post.id == post_id).with_for_update()
