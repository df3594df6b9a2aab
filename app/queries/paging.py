"""One page of a list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from .lists import Rows, Shape

# Offsets beyond this do not fit the integers of every database; no list is that long.
LAST_PAGE = 10_000_000
_EPOCH = datetime(1970, 1, 1)
_LATEST = 2**53  # the year 2255


@dataclass(frozen=True, eq=False)
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
    rows: Rows, page: int, per_page: int, *, as_of: int | None = None, shape: Shape | None = None
) -> Page:
    """Return page number `page` (from 1) of `rows`; past the end it is empty.

    Rows that arrive at the top push the others down, so that the next page would repeat some of
    them. `as_of` (microseconds since 1970), which the first page hands on to its links, leaves out
    what arrived later.
    """
    page = min(max(page, 1), LAST_PAGE)
    until = None if as_of is None or page == 1 else _moment(as_of)
    offset = (page - 1) * per_page
    total = rows.number(until=until, beyond=offset)
    found = []
    if offset < total:
        found = _found(rows, offset, per_page + 1, total, until, shape)
        total = _corrected(total, offset, found, per_page)
    if page == 1:
        as_of = _top(found, rows)
    return Page(found[:per_page], page, per_page, total, as_of)


def _found(rows: Rows, offset: int, size: int, total: int, until, shape) -> Sequence:
    detour = rows.list.way_to and rows.list.way_to(offset, total)
    if detour:
        return rows.beyond(detour.place, size, skipped=detour.skipped, shape=shape)
    return rows.stretch(offset, size, until=until, shape=shape)


def _corrected(total: int, offset: int, found: Sequence, per_page: int) -> int:
    """Return the total that goes with what was found: one row more than the page takes, or the end.

    A total that was kept may be late by some rows. The pager must not miss a next page for that,
    nor lead to one that is empty.
    """
    seen = offset + len(found)
    return max(total, seen) if len(found) > per_page else seen


def _top(items: Sequence, rows: Rows) -> int | None:
    """Return the moment that a list which grows at the top is read from."""
    if not items or not rows.order.newest_first:
        return None
    return _microseconds(getattr(items[0], rows.order.time.key))


def _moment(microseconds: int) -> datetime:
    # Whatever a stranger types must be a moment that every database can compare with.
    return _EPOCH + timedelta(microseconds=min(max(microseconds, 0), _LATEST))


def _microseconds(moment: datetime | None) -> int | None:
    return moment and (moment - _EPOCH) // timedelta(microseconds=1)
