"""How many posts and comments there are, kept so that no page has to count them.

One row that every new post changed would make all authors wait for one another, so that each
table has several rows, chosen by the author, and the total is their sum.
"""

from functools import cache

from sqlalchemy import Connection, String, delete, func, insert, literal, select
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from ..database.plain import perform
from ..extensions import db

_SHARDS = 16


class Total(db.Model):
    __tablename__ = "totals"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)  # of the table
    shard: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]


@cache
def total_of(model):
    """Return the number of rows of `model` as an SQL expression."""
    rows = select(func.coalesce(func.sum(Total.value), 0))
    return rows.where(Total.name == model.__tablename__).scalar_subquery()


def move_total(connection: Connection, model, author_id: int | None, by: int) -> None:
    """Add `by` to the number of rows of `model`."""
    row = {"name": model.__tablename__, "shard": shard_of(author_id), "value": by}
    perform(connection, adding(connection.dialect.name), row)


def shard_of(author_id: int | None) -> int:
    return (author_id or 0) % _SHARDS


@cache
def adding(dialect: str):
    """Return the statement that adds a row's value to the row, or makes it."""
    if dialect in ("sqlite", "postgresql"):
        add = (sqlite if dialect == "sqlite" else postgresql).insert(Total)
        changed = {"value": Total.value + add.excluded.value}
        return add.on_conflict_do_update(index_elements=["name", "shard"], set_=changed)
    add = mysql.insert(Total)
    return add.on_duplicate_key_update(value=Total.value + add.inserted.value)


def recount_totals(*models) -> None:
    """Set the number of rows of each of `models` to what counting says."""
    for model in models:
        # The rows go first: who adds a post meanwhile waits for the lock, and is counted or adds
        # to a new row afterwards.
        name = model.__tablename__
        db.session.execute(delete(Total).where(Total.name == name))
        counted = select(literal(name), literal(0), func.count()).select_from(model)
        db.session.execute(insert(Total).from_select(["name", "shard", "value"], counted))
