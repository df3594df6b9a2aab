"""Randomness that resembles people."""

import math
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from ..lib.clock import utcnow

BATCH = 10_000  # rows that are made and sent together
PERIOD = timedelta(days=2 * 365)  # how far back the history of the site reaches
_TOP = 100  # the most popular one gets the hundredth part of everything, however many there are
_LEAST_SKEW = 1.5  # among few people even the first cannot be that much ahead


def popular(items: Sequence, count: int) -> list:
    """Return `count` of `items`; those at the front far more often than those at the back."""
    size, draw = len(items), random.random
    # The share of the first one is size ** (-1 / skew); here it is solved for 1 / _TOP.
    skew = max(_LEAST_SKEW, math.log(size) / math.log(_TOP)) if size > 1 else 1
    return [items[int(size * draw() ** skew)] for _ in range(count)]


def shares(count: int, rooms: Sequence[int], *, unevenness: int = 1) -> Iterator[int]:
    """Divide `count` at random among as many as there are `rooms`, none of them overfull.

    Most get little and a few get much, the more so with `unevenness`. The rooms together must
    have space for all.
    """
    space, mean = sum(rooms), math.factorial(unevenness)
    for index, room in enumerate(rooms):
        space -= room
        fair = count / (len(rooms) - index)
        wish = int(fair * random.expovariate(1) ** unevenness / mean + random.random())
        share = min(max(wish, count - space), room, count)
        count -= share
        yield share


def moments(count: int) -> Iterator[datetime]:
    """Yield `count` moments between the beginning of the site and now, oldest first."""
    start = utcnow() - PERIOD
    for number in range(count):
        yield start + PERIOD * ((number + random.random()) / count)


def moment_after(start: datetime, now: datetime) -> datetime:
    """Return a moment between `start` and `now`; most answers come soon."""
    return start + (now - start) * random.random() ** 6


def batched(rows: Iterator, size: int | None = None) -> Iterator[list]:
    """Yield `rows` in lists of at most `size`, or BATCH."""
    while batch := list(islice(rows, size or BATCH)):
        yield batch


def no_progress(_rows: int) -> None:
    """Tell nobody how many rows were made."""
