"""Posts and comments by people who do not exist."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import func, select

from ..extensions import db
from ..lib.clock import utcnow
from ..lib.markdown import RENDER_VERSION
from ..models import Comment, Post, User
from .chance import batched, moment_after, moments, no_progress, popular, shares
from .loading import is_empty, load, loading, new_ids
from .tally import Tally
from .texts import Posts, Remarks

_UNEVENNESS = 2  # of comments: a third of the posts get none, a few get a hundred
_TEXT = ("author_id", "timestamp", "body", "body_html", "render_version")
_posts, _comments = Post.__table__, Comment.__table__


def posts(count: int = 100, *, progress: Callable[[int], None] = no_progress) -> None:
    """Create `count` posts by people at random, the popular ones most, and commit.

    Raises ValueError while there are no users.
    """
    discussions(count, 0, progress=progress)


def discussions(
    posts: int, comments: int, *, progress: Callable[[int], None] = no_progress
) -> None:
    """Create posts and comments under them, and commit.

    Quicker than one after the other: a post is written with the number of its comments, not
    changed again for it. Raises ValueError while there are no users.
    """
    texts, tally = Posts(posts), Tally()
    numbers = shares(comments, [comments] * posts, unevenness=_UNEVENNESS)
    rows = zip(moments(posts), numbers, strict=True)
    are_empty = is_empty(_posts) and is_empty(_comments)
    with loading(_posts, _comments, are_empty=are_empty, tally=tally) as commit:
        people = _people()
        answers = _Answers(comments, people, tally)
        for batch in batched(rows):
            authors, ids = popular(people, len(batch)), new_ids(_posts, len(batch))
            load(
                _posts,
                ("id", "comment_count", *_TEXT),
                (
                    (post_id, number, author, when, *texts.one(), RENDER_VERSION)
                    for post_id, author, (when, number) in zip(ids, authors, batch, strict=True)
                ),
            )
            tally.add_rows(Post, len(batch))
            tally.add(User.post_count, authors)
            tally.note_posts(zip(authors, (when for when, _ in batch), strict=True))
            progress(len(batch))
            places = ((post_id, *row) for post_id, row in zip(ids, batch, strict=True))
            for size in answers.load(places):
                progress(size)
            commit()


def comments(count: int = 100, *, progress: Callable[[int], None] = no_progress) -> None:
    """Create `count` comments under posts at random, and commit.

    Raises ValueError while there are no users or no posts.
    """
    tally = Tally()
    with loading(_comments, are_empty=is_empty(_comments), tally=tally) as commit:
        answers = _Answers(count, _people(), tally)
        places = db.session.scalar(select(func.count()).select_from(_posts))
        if not places:
            raise ValueError("There are no posts yet that somebody could comment on.")
        numbers = shares(count, [count] * places, unevenness=_UNEVENNESS)
        for stretch in _stretches():
            batch = [(post_id, when, next(numbers, 0)) for post_id, when in stretch]
            tally.add(
                Post.comment_count, {post_id: number for post_id, _, number in batch if number}
            )
            for size in answers.load(iter(batch)):
                progress(size)
            commit()


def _people() -> list[int]:
    people = list(db.session.scalars(select(User.id).order_by(User.id)))
    if not people:
        raise ValueError("There are no users yet who could write something.")
    return people


def _stretches() -> Iterator[list[tuple[int, datetime]]]:
    """Yield the id and the time of all posts, some at a time."""
    last = 0
    rows = select(Post.id, Post.timestamp).order_by(Post.id).limit(10_000)
    while stretch := db.session.execute(rows.where(Post.id > last)).all():
        yield stretch
        last = stretch[-1][0]


class _Answers:
    """Comments under posts by `people`, enough different ones for `count` of them."""

    def __init__(self, count: int, people: list[int], tally: Tally):
        self._remarks, self._people, self._tally = Remarks(count), people, tally

    def load(self, places: Iterator[tuple[int, datetime, int]]) -> Iterator[int]:
        """Load comments under `places`: the id of a post, its time and how many it gets.

        Yields how many rows were made, now and then.
        """
        spots = ((post_id, when) for post_id, when, number in places for _ in range(number))
        for batch in batched(spots):
            authors = random.choices(self._people, k=len(batch))
            texts, now = self._remarks.some(len(batch)), utcnow()
            rows = (
                (post_id, author, moment_after(when, now), *text, RENDER_VERSION)
                for (post_id, when), author, text in zip(batch, authors, texts, strict=True)
            )
            load(_comments, ("post_id", *_TEXT), rows)
            self._tally.add_rows(Comment, len(batch))
            self._tally.add(User.comment_count, authors)
            yield len(batch)
