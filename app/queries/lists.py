"""Lists: which rows, in what order, how many of them, and what is read of each.

Putting a statement together costs more than some databases take to answer it. So every list is
made once, when its module is imported, with a parameter for whatever differs from request to
request. What is derived from it, a page or a count, is made once, too, when it is needed first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select

from ..database import Timestamp
from ..extensions import db
from ..lib.cursors import Place
from .kept import kept_answers
from .landmarks import Detour
from .reading import read

# What is read: takes a SELECT of keys and returns it with columns, or with records.
Shape = Callable[[Select], Select]
# There are some dozens of statements; the bound is for whoever makes lists by the thousand.
_made_once = lru_cache(500)

SIZE = bindparam("size", type_=Integer)
OFFSET = bindparam("offset", type_=Integer)
# The number of the last row, from 0, that is wanted of a list's newest rows.
LAST = bindparam("last", type_=Integer)
UNTIL = bindparam("until", type_=Timestamp)
_KNOWN_TOTAL = bindparam("known_total", type_=Integer)
_TIME = bindparam("place_time", type_=Timestamp)
_ID = bindparam("place_id", type_=Integer)


@dataclass(frozen=True)
class Order:
    """A list's total order: by the column `time`, then by the column `id`."""

    time: Any
    id: Any
    newest_first: bool = True

    def place_of(self, row) -> Place:
        return Place(getattr(row, self.time.key), getattr(row, self.id.key))

    def columns(self, *, backwards: bool = False) -> list:
        columns = [self.time, self.id]
        return [column.desc() for column in columns] if self.newest_first != backwards else columns

    def beyond_place(self, *, backwards: bool = False) -> ColumnElement[bool]:
        """Return the condition for rows beyond a place, in a form that every database indexes."""
        if self.newest_first == backwards:
            return and_(self.time >= _TIME, or_(self.time > _TIME, self.id > _ID))
        return and_(self.time <= _TIME, or_(self.time < _TIME, self.id < _ID))


@dataclass(frozen=True, eq=False)
class List:
    """A list, made once.

    `keys` selects the primary key of its rows, in whatever order. `records` is what is read of
    them unless something else is asked for. `total` says in SQL how many there are; without it
    they are counted, unless who asks knows the number. `newest` is a shorter way to the top,
    where there is one: it selects keys of which the first `last` + 1, none later than `until` if
    that is asked for, are those of the list. What follows them need not be. `before_newest` finds
    further values for it, where no `until` is asked for. `way_to` is a shorter
    way to a far page (queries/landmarks.py).
    """

    keys: Select
    order: Order
    records: Shape
    total: ColumnElement[int] | None = None
    newest: Callable[[bool], Select] | None = None
    before_newest: Callable[["Rows", int], dict[str, Any]] | None = None
    way_to: Callable[[int, int], Detour | None] | None = None

    def of(self, *, total: int | None = None, own: tuple = (), **values) -> "Rows":
        """Return the list for these values of its parameters.

        `total` is how many rows there are, if a counter knows it; `own` what the reader can change
        about that, by what they write and whom they follow (see queries/kept.py).
        """
        return Rows(self, values, total, own)


class Rows(NamedTuple):
    """A list and the values that it is asked for with: `posts_by(ann)`."""

    list: List
    values: dict[str, Any]
    known_total: int | None
    own: tuple

    @property
    def order(self) -> Order:
        return self.list.order

    def all(self, shape: Shape | None = None) -> Sequence:
        """Return all rows, which may be many."""
        return self._read(_whole(self.list, shape or self.list.records), {})

    def stretch(
        self,
        offset: int,
        size: int,
        *,
        until: datetime | None = None,
        shape: Shape | None = None,
    ) -> Sequence:
        """Return `size` rows from `offset` on, of those that are not later than `until`."""
        shape = shape or self.list.records
        statement = _stretch(self.list, shape, offset == 0, until is not None)
        values = self._top(offset + size - 1, until)
        return self._read(statement, values | {"offset": offset, "size": size})

    def beyond(
        self,
        place: Place | None,
        size: int,
        *,
        skipped: int = 0,
        backwards: bool = False,
        shape: Shape | None = None,
    ) -> Sequence:
        """Return the `size` rows after `place`, or before it, the nearest first.

        The first `skipped` of them are left out.
        """
        shape = shape or self.list.records
        statement = _beyond(self.list, shape, place is not None, skipped > 0, backwards)
        when, key = place or (None, None)
        values = {"place_time": when, "place_id": key, "offset": skipped, "size": size}
        return self._read(statement, values | self._top(skipped + size - 1, when))

    def number(self, *, until: datetime | None = None, beyond: int = -1) -> int:
        """Return how many rows there are, or how many of them are not later than `until`.

        The number may be some seconds old (queries/kept.py), but not if it is `beyond` or less.
        """
        if self.known_total is not None and until is None:
            return self.known_total
        key = (self.list, *self.values.values(), self.own, self.known_total, until)
        number = kept_answers().get(key)
        if number is None or number <= beyond:
            number = self._count(until)
            kept_answers().put(key, number)
        return number

    def _count(self, until: datetime | None) -> int:
        statement = _number(self.list, self.known_total is not None, until is not None)
        values = {"known_total": self.known_total, "until": until}
        ((number,),) = read(statement, self.values | values)
        return int(number)

    def _top(self, last: int, until: datetime | None) -> dict:
        values = {"last": last, "until": until}
        if self.list.before_newest and until is None:
            values |= self.list.before_newest(self, last)
        return values

    def _read(self, statement: Select, values: dict) -> Sequence:
        values = self.values | values
        if _selects_records(statement):
            return db.session.scalars(statement, values).all()
        return read(statement, values)


@_made_once
def _selects_records(statement: Select) -> bool:
    """Tell whether rows are read as objects of the session, each alone in its row."""
    selected = statement.column_descriptions
    return any(one["type"] is one["expr"] for one in selected)


@_made_once
def _whole(of: List, shape: Shape) -> Select:
    return shape(of.keys.order_by(*of.order.columns()))


@_made_once
def _stretch(of: List, shape: Shape, is_first: bool, is_until: bool) -> Select:
    keys = of.newest(is_until) if of.newest else of.keys
    if is_until:
        keys = keys.where(of.order.time <= UNTIL)
    keys = keys.order_by(*of.order.columns()).limit(SIZE)
    if is_first and not of.newest:
        return shape(keys)
    return shape(_again(of, keys.offset(OFFSET)))


@_made_once
def _beyond(of: List, shape: Shape, is_beyond: bool, skips: bool, backwards: bool) -> Select:
    is_short = of.newest and not backwards
    keys = of.newest(is_beyond) if is_short else of.keys
    if is_beyond:
        keys = keys.where(of.order.beyond_place(backwards=backwards))
    keys = keys.order_by(*of.order.columns(backwards=backwards)).limit(SIZE)
    if is_short or skips:
        keys = _again(of, keys.offset(OFFSET), backwards=backwards)
    return shape(keys)


def _again(of: List, keys: Select, *, backwards: bool = False) -> Select:
    """Return the rows with these keys, in the list's order.

    Rows that are only skipped are not joined with anything, nor read beyond the index.
    """
    columns, keys = of.keys.selected_columns, keys.subquery("keys")
    same = and_(*(column == keys.c[column.key] for column in columns))
    return select(*columns).join(keys, same).order_by(*of.order.columns(backwards=backwards))


@_made_once
def _number(of: List, is_known: bool, is_until: bool) -> Select:
    total = of.total if of.total is not None else _count(of.keys)
    if is_known:
        total = _KNOWN_TOTAL
    if is_until:
        total = total - _count(of.keys.where(of.order.time > UNTIL))
    return select(total)


def _count(keys: Select) -> ColumnElement[int]:
    return keys.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()
