"""The counters of rows that are loaded in bulk, which the listeners of models/counters.py miss."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_
from sqlalchemy.orm import InstrumentedAttribute

from ..models import User
from ..models.total import move_total


class Tally:
    """What the rows of a load add to counters and totals, gathered and then written at once."""

    def __init__(self):
        self._amounts: dict[InstrumentedAttribute, Counter[int]] = defaultdict(Counter)
        self._totals: Counter = Counter()
        self._last_posts: dict[int, datetime] = {}

    def add(self, counter: InstrumentedAttribute, ids: Iterable[int] | dict[int, int]) -> None:
        """Add one to `counter` for each of `ids`, or the amount that they are given with."""
        self._amounts[counter].update(ids)

    def add_rows(self, model, count: int) -> None:
        self._totals[model] += count

    def note_posts(self, posts: Iterable[tuple[int, datetime]]) -> None:
        """Note when somebody wrote last: ids of authors and moments, the latest at the end."""
        self._last_posts.update(posts)

    def write(self, connection: Connection) -> None:
        """Write down what was gathered, and begin anew."""
        for counter, amounts in self._amounts.items():
            _add(connection, counter, amounts)
        for model, count in self._totals.items():
            move_total(connection, model, None, count)
        _note(connection, self._last_posts)
        self.__init__()


def _add(connection: Connection, counter: InstrumentedAttribute, amounts: Counter[int]) -> None:
    table = counter.class_.__table__
    column = table.c[counter.key]
    this = table.c.id == bindparam("row_id")
    # In order, so that two who write here wait for one another instead of locking each other out.
    rows = [{"row_id": row_id, "amount": amount} for row_id, amount in sorted(amounts.items())]
    if rows:
        more = table.update().where(this).values({column: column + bindparam("amount")})
        connection.execute(more, rows)


def _note(connection: Connection, last_posts: dict[int, datetime]) -> None:
    table = User.__table__
    moment = bindparam("moment", type_=table.c.last_post_at.type)
    is_later = or_(table.c.last_post_at.is_(None), table.c.last_post_at < moment)
    this = table.c.id == bindparam("row_id")
    rows = [{"row_id": row_id, "moment": when} for row_id, when in sorted(last_posts.items())]
    if rows:
        connection.execute(table.update().where(this, is_later).values(last_post_at=moment), rows)
