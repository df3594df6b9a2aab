"""Adding a post or a comment, once for each form that was filled in."""

from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.exc import StaleDataError

from ..extensions import db
from ..lib.clock import utcnow
from .counters import count_new, uncount
from .insertion import insert_new
from .total import move_total


def publish_once(model, *, author, submission: str | None, **values):
    """Add a `model` (Post or Comment) by `author`, and return it.

    `submission` is the mark of the form it was typed in. A form that is sent again, by a second
    click or a retry, adds nothing more; then None is returned. Raises StaleDataError if the author
    or the post has been deleted meanwhile.

    The row is inserted at once, not when the session is flushed: there a form that was sent before
    could only be told by a look and a savepoint, which cost as much as all the rest.
    """
    record = model(author_id=author.id, submission=submission, timestamp=utcnow(), **values)
    connection = db.session.connection()
    if not count_new(connection, record):
        raise StaleDataError("the author or the post has been deleted")
    columns = model.__table__.columns.keys()
    key = insert_new(model, {name: vars(record)[name] for name in columns if name in vars(record)})
    if key is None:
        uncount(connection, record)
        return None
    move_total(connection, model, author.id, +1)
    (record.id,) = key
    make_transient_to_detached(record)
    db.session.add(record)
    return record
