"""One page of a list."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Select, and_, func, inspect, select

from ..extensions import db

# Offsets beyond this do not fit the integers of every database; no list is that long.
LAST_PAGE = 10_000_000
_EPOCH = datetime(1970, 1, 1)
# A shorter way to the top of a list: rows whose first `n`, not later than a moment, are those of
# the list. What follows them need not be.
Top = Callable[[int, datetime | None], Select]
# What is read of each row, if not the whole record.
Shape = Callable[[Select], Select]
Total = int | ColumnElement[int] | None
_LATEST = 2**53  # the year 2255


@dataclass(frozen=True)
class Page:
    """The rows of one page, and what a pager needs to know about the others.

    Answers the same questions as Flask-SQLAlchemy's Pagination, but leaves to the caller where
    the total comes from: mostly a counter, seldom a count.
    """

    items: Sequence
    page: int
    per_page: int
    total: int
    as_of: int | None = None  # when the first page was looked at, for lists that grow at the top

    def query(self, page: int) -> dict[str, int]:
        """Return the query of a link to `page`.

        A link onwards keeps to what was there when the reader came; the first page is what is
        newest now.
        """
        return {"page": page, "as_of": self.as_of} if self.as_of and page > 1 else {"page": page}

    @property
    def pages(self) -> int:
        return ceil(self.total / self.per_page)

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def prev_num(self) -> int | None:
        return self.page - 1 if self.has_prev else None

    @property
    def has_next(self) -> bool:
        return self.page < self.pages

    @property
    def next_num(self) -> int | None:
        return self.page + 1 if self.has_next else None

    def iter_pages(
        self, left_edge: int = 2, left_current: int = 2, right_current: int = 4, right_edge: int = 2
    ) -> Iterator[int | None]:
        """Yield the page numbers of a pager, and None where some are left out."""
        shown = {
            *range(1, left_edge + 1),
            *range(self.page - left_current, self.page + right_current + 1),
            *range(self.pages - right_edge + 1, self.pages + 1),
        }
        last = 0
        for number in sorted(number for number in shown if 0 < number <= self.pages):
            if number != last + 1:
                yield None
            yield number
            last = number


def last_page(total: int, per_page: int) -> int:
    """Return the number of the last page; an empty list has one, which is empty."""
    return max(1, ceil(total / per_page))


def paginate(
    rows: Select, page: int, per_page: int, *, total: Total = None, shape: Shape | None = None
) -> Page:
    """Return page number `page` (from 1) of `rows`; past the end it is empty.

    Give `total` where a counter knows it, as a number or in SQL; else the rows are counted.
    """
    page = min(max(page, 1), LAST_PAGE)
    total = number(rows, total)
    offset = (page - 1) * per_page
    items = []
    if offset < total:
        items = _read(_stretch(rows, offset, per_page), shape)
    return Page(items, page, per_page, total)


def paginate_newest_first(
    rows: Select,
    time,
    page: int,
    per_page: int,
    *,
    as_of: int | None = None,
    total: Total = None,
    top: Top | None = None,
    shape: Shape | None = None,
) -> Page:
    """Return a page of `rows`, which are ordered by the column `time`, the newest at the top.

    Rows that arrive push the others down, so that the next page would repeat some of them.
    `as_of` (microseconds since 1970), which the first page hands on to its links, leaves out
    what arrived later.
    """
    total = _counted(rows) if total is None else total
    until = None
    if as_of is not None and page > 1:
        until = _moment(as_of)
        total = total - _counted(rows.where(time > until))
    if top is not None:
        rows = top(min(max(page, 1), LAST_PAGE) * per_page, until)
    if until is not None:
        rows = rows.where(time <= until)
    found = paginate(rows, page, per_page, total=total, shape=shape)
    if found.page == 1:
        as_of = _microseconds(getattr(found.items[0], time.key)) if found.items else None
    return replace(found, as_of=as_of)


def _stretch(rows: Select, offset: int, size: int) -> Select:
    """Return `size` of `rows` from `offset` on.

    Rows that are only skipped are not joined with anything, nor read beyond the index.
    """
    if not offset:
        return rows.limit(size)
    key = inspect(rows.column_descriptions[0]["entity"]).primary_key
    keys = rows.with_only_columns(*key, maintain_column_froms=True).limit(size).offset(offset)
    keys = keys.subquery()
    return rows.join(keys, and_(*(column == keys.c[column.key] for column in key)))


def _read(rows: Select, shape: Shape | None) -> Sequence:
    if shape is None:
        return db.session.scalars(rows).all()
    return db.session.execute(shape(rows)).all()


def number(rows: Select, total: Total) -> int:
    """Return how many `rows` there are: `total`, if it is known, else they are counted."""
    total = _counted(rows) if total is None else total
    return total if isinstance(total, int) else db.session.scalar(select(total))


def _counted(rows: Select) -> ColumnElement[int]:
    bare = rows.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    return bare.scalar_subquery()


def _moment(microseconds: int) -> datetime:
    # Whatever a stranger types must be a moment that every database can compare with.
    return _EPOCH + timedelta(microseconds=min(max(microseconds, 0), _LATEST))


def _microseconds(moment: datetime | None) -> int | None:
    return moment and (moment - _EPOCH) // timedelta(microseconds=1)
