"""Places in a list that is ordered by time, then id, written so that they fit an address."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

# 56 bits of microseconds since the year 1, which lasts until 2284, then 32 bits of id. Whatever
# matches is a place, if not one where a row was.
PATTERN = r"^[0-9a-f]{22}$"
PATTERN_OR_EMPTY = r"^([0-9a-f]{22})?$"
_HIGHEST_ID = 2**31 - 1  # that a column takes; PostgreSQL refuses to compare with more


class Place(NamedTuple):
    timestamp: datetime
    id: int


def write(place: Place) -> str:
    microseconds = (place.timestamp - datetime.min) // timedelta(microseconds=1)
    return f"{microseconds:014x}{place.id:08x}"


def read(text: str) -> Place | None:
    """Return the place that `text` stands for, or None if it stands for none."""
    if not re.fullmatch(PATTERN, text):
        return None
    moment = datetime.min + timedelta(microseconds=int(text[:14], 16))
    return Place(moment, min(int(text[14:], 16), _HIGHEST_ID))
