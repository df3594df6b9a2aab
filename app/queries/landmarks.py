"""Where to begin reading a far page of the list of all posts (models/landmark.py)."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from ..lib.cursors import Place
from ..models.landmark import APART, Landmark
from .reading import read

_landmarks = Landmark.__table__.c
_NEAREST = (
    select(_landmarks.position, _landmarks.timestamp, _landmarks.post_id)
    .where(_landmarks.position > bindparam("position"))
    .order_by(_landmarks.position)
    .limit(1)
)


class Detour(NamedTuple):
    """A place in a list, and how many rows after it are to be skipped."""

    place: Place
    skipped: int


def way_to(offset: int, total: int) -> Detour | None:
    """Return a shorter way to the row at `offset` from the top, if there is one.

    `total` is how many rows there are, since positions count from the other end.
    """
    if offset <= APART:
        return None
    position = total - offset
    found = read(_NEAREST, {"position": position})
    if not found:
        return None
    ((there, timestamp, post_id),) = found
    return Detour(Place(timestamp, post_id), there - position - 1)
