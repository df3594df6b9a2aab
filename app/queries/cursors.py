"""Lists that are read from a place on, not page by page.

A page number counts from the top, so that rows which arrive move everything. A place does not
move: no row is shown twice or skipped, and the thousandth page costs what the first one does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_

from ..extensions import db
from ..lib.cursors import Place
from ..models import Comment, Follow, Post
from .paging import Top


@dataclass(frozen=True)
class Order:
    """A list's total order: by the column `time`, then by the column `id`."""

    time: Any
    id: Any
    newest_first: bool = True

    def place_of(self, row) -> Place:
        return Place(getattr(row, self.time.key), getattr(row, self.id.key))

    def _beyond(self, place: Place, *, is_later: bool):
        """Return the condition for rows beyond `place`, in a form that every database indexes."""
        time, key = self.time, self.id
        if is_later:
            return and_(time >= place.timestamp, or_(time > place.timestamp, key > place.id))
        return and_(time <= place.timestamp, or_(time < place.timestamp, key < place.id))

    def seek(self, rows: Select, place: Place | None, *, backwards: bool = False) -> Select:
        """Return `rows` from `place` on, the nearest first."""
        is_later = self.newest_first == backwards
        columns = (self.time, self.id)
        if place is not None:
            rows = rows.where(self._beyond(place, is_later=is_later))
        ordered = columns if is_later else [column.desc() for column in columns]
        return rows.order_by(None).order_by(*ordered)


@dataclass(frozen=True)
class Stretch:
    """Some rows of a list, and whether there are more on either side."""

    items: Sequence
    has_more_before: bool
    has_more_after: bool


def read_after(
    rows: Select, order: Order, place: Place | None, size: int, *, top: Top | None = None
) -> Stretch:
    """Return the rows after `place`; from the start of the list without one."""
    if top is not None:
        rows = top(size + 1, place and place.timestamp)
    found = db.session.scalars(order.seek(rows, place).limit(size + 1)).all()
    return Stretch(found[:size], place is not None, len(found) > size)


def read_before(rows: Select, order: Order, place: Place, size: int) -> Stretch:
    """Return the rows before `place`, the nearest ones, in the order of the list."""
    found = db.session.scalars(order.seek(rows, place, backwards=True).limit(size + 1)).all()
    return Stretch(found[:size][::-1], len(found) > size, True)


NEWEST_POSTS = Order(Post.timestamp, Post.id)
NEWEST_COMMENTS = Order(Comment.timestamp, Comment.id)
OLDEST_COMMENTS = Order(Comment.timestamp, Comment.id, newest_first=False)
NEWEST_FOLLOWERS = Order(Follow.timestamp, Follow.follower_id)
NEWEST_FOLLOWED = Order(Follow.timestamp, Follow.followed_id)
