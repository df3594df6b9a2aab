"""Lists that are read from a place on, not page by page.

A page number counts from the top, so that rows which arrive move everything. A place does not
move: no row is shown twice or skipped, and the thousandth page costs what the first one does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..lib.cursors import Place
from .lists import Rows, Shape


@dataclass(frozen=True)
class Stretch:
    """Some rows of a list, and whether there are more on either side."""

    items: Sequence
    has_more_before: bool
    has_more_after: bool


def read_after(
    rows: Rows, place: Place | None, size: int, *, shape: Shape | None = None
) -> Stretch:
    """Return the rows after `place`; from the start of the list without one."""
    found = rows.beyond(place, size + 1, shape=shape)
    return Stretch(found[:size], place is not None, len(found) > size)


def read_before(rows: Rows, place: Place, size: int, *, shape: Shape | None = None) -> Stretch:
    """Return the rows before `place`, the nearest ones, in the order of the list."""
    found = rows.beyond(place, size + 1, backwards=True, shape=shape)
    return Stretch(found[:size][::-1], len(found) > size, True)
