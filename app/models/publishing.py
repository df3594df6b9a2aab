"""Adding a post or a comment, once for each form that was filled in."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ..extensions import db


def publish_once(model, *, author, submission: str | None, **values):
    """Add a `model` (Post or Comment) by `author`, and return it.

    `submission` is the mark of the form it was typed in. A form that is sent again, by a second
    click or a retry, adds nothing more; then None is returned.
    """
    sent_before = select(model.id).filter_by(author_id=author.id, submission=submission)
    if submission is not None and db.session.scalar(sent_before) is not None:
        return None
    record = model(author_id=author.id, submission=submission, **values)
    try:
        with db.session.begin_nested():
            db.session.add(record)
    except IntegrityError:
        # The same form arrived twice at the same moment; anything else is a fault of ours.
        if submission is None or db.session.scalar(sent_before) is None:
            raise
        return None
    return record
