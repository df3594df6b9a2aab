"""Randomness that resembles people."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from ..lib.clock import utcnow

BATCH = 1000  # rows in one INSERT
_PERIOD = timedelta(days=2 * 365)  # how far back the history of the site reaches
_SKEW = 2.5  # how unequal people are: of 100,000, the first gets about a hundredth of everything


def popular(items: list):
    """Return one of `items`; those at the front far more often than those at the back."""
    return items[int(len(items) * random.random() ** _SKEW)]


def moments(count: int) -> list[datetime]:
    """Return `count` moments between the beginning of the site and now, oldest first."""
    now = utcnow()
    return sorted(now - _PERIOD * random.random() for _ in range(count))


def moment_after(start: datetime) -> datetime:
    """Return a moment between `start` and now; most answers come soon."""
    return start + (utcnow() - start) * random.random() ** 6


def batches(count: int) -> Iterator[int]:
    """Yield the sizes of the batches that make `count` rows."""
    for start in range(0, count, BATCH):
        yield min(BATCH, count - start)


def no_progress(_rows: int) -> None:
    """Tell nobody how many rows were made."""
