"""Adding a post or a comment, once for each form that was filled in.

This is what people wait for most often, so that it passes by the objects of the session and their
listeners (counters.py), which take as long as all the rest, and does what they do by itself.
"""

from functools import cache

from sqlalchemy import Insert, Integer, Update, bindparam, exists, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from ..database.plain import perform
from ..extensions import db
from ..lib.clock import utcnow
from .changing import change
from .comment import Comment
from .counters import last_post_with, uncount
from .insertion import statement_for
from .post import Post
from .total import adding, move_total, shard_of
from .user import User


def publish_once(model, *, author, submission: str | None, body: str, **values) -> int | None:
    """Add a `model` (Post or Comment) by `author`, and return its id.

    `submission` is the mark of the form it was typed in. A form that is sent again, by a second
    click or a retry, adds nothing more; then None is returned. Raises ValidationError if the text
    is too long, and StaleDataError if the author or the post has been deleted meanwhile.
    """
    row = {"author_id": author.id, "submission": submission, "timestamp": utcnow()}
    row |= {"body": body, **model.rendered(body), **values}
    if db.session.is_in_use():
        db.session.flush()  # what the row points at may be as new
    publish = _at_once if db.engine.dialect.name == "postgresql" else _step_by_step
    new_id = publish(model, row)
    if db.session.is_in_use():
        User.write_is_noted(author.id)
    return new_id


def _given(column):
    """Return the parameter that stands for `column` of the new row.

    Not by its own name: SQLAlchemy would set the column in every table that has one of that name.
    """
    return bindparam(f"new_{column.key}", type_=column.type)


def _parameters(row: dict) -> dict:
    return {f"new_{name}": value for name, value in row.items()}


def _one_more(column, row_id, **also) -> Update:
    """Return the statement that counts one more in the row `row_id`, and sets `also`."""
    table = column.class_.__table__
    counted = {column.key: table.c[column.key] + 1, **also}
    return update(table).where(table.c.id == row_id).values(counted)


_NOW = _given(Post.timestamp)
_GONE = "the author or the post has been deleted"
_FOREIGN_KEY_VIOLATION = "23503"  # https://www.postgresql.org/docs/current/errcodes-appendix.html

# In the order that counters.py demands. Who publishes writes (own_writes.py): it is said here,
# where their row changes anyway.
_COUNTING = {
    Post: [
        _one_more(
            User.post_count,
            _given(Post.author_id),
            last_post_at=last_post_with(_NOW),
            wrote_at=_NOW,
        )
    ],
    Comment: [
        _one_more(Post.comment_count, _given(Comment.post_id)),
        _one_more(User.comment_count, _given(Comment.author_id), wrote_at=_NOW),
    ],
}


def _step_by_step(model, row: dict) -> int | None:
    """Count `row` and add it; return its id."""
    connection, parameters = db.session.connection(), _parameters(row)
    for counting in _COUNTING[model]:
        if perform(connection, counting, parameters).rowcount != 1:
            raise StaleDataError(_GONE)
    added = perform(connection, _adding(model, connection.dialect.name, tuple(row)), parameters)
    if added.rowcount != 1:
        uncount(connection, model, row)
        return None
    move_total(connection, model, row["author_id"], +1)
    return added.lastrowid


@cache
def _adding(model, dialect: str, names: tuple[str, ...]) -> Insert:
    columns = model.__table__.c
    return statement_for(model, dialect).values({name: _given(columns[name]) for name in names})


def _at_once(model, row: dict) -> int | None:
    """Do what `_step_by_step` does, in one statement, where each takes a trip over the network."""
    if row["submission"] is None:
        db.session.connection()  # nothing would tell that it was done before: see `change`
    values = {**_parameters(row), "shard": shard_of(row["author_id"])}
    try:
        added = change(_all_steps(model, tuple(row)), values)
    except IntegrityError as error:
        if error.orig.sqlstate != _FOREIGN_KEY_VIOLATION:
            raise
        raise StaleDataError(_GONE) from error
    return added[0][0] if added else None


@cache
def _all_steps(model, names: tuple[str, ...]):
    """Return the statement of `_at_once`, for rows with the columns `names`, in PostgreSQL's words.

    Each step reads what the one before returns, so that they follow one another, and none is done
    for a row that was there before. Counting comes last here: PostgreSQL looks at the foreign keys
    when all is done, and what they hold does not keep others from counting. The id of the new row
    comes back.
    """
    table = model.__table__
    step = added = _adding(model, "postgresql", names).returning(table.c.id).cte("added")
    for number, counting in enumerate(_COUNTING[model]):
        counted = counting.where(exists(select(step.c.id)))
        step = counted.returning(counting.table.c.id).cte(f"counted_{number}")
    one_more = select(literal(model.__tablename__), bindparam("shard", type_=Integer), literal(1))
    total = adding("postgresql").from_select(["name", "shard", "value"], one_more.select_from(step))
    return select(added.c.id).add_cte(total.cte("total"))
