"""From an address to a record, or to 404 when there is none and 403 when it is not yours."""

from collections.abc import Callable
from functools import partial

from flask import abort
from flask_login import current_user
from sqlalchemy import Row

from ..database import read_from, reads_from_replica
from ..extensions import db
from ..models import Comment, Post
from ..queries.comments import comment_locks, comment_with_post
from ..queries.people import profile_of
from ..queries.posts import post_lock, post_outline, post_with_author


def load_post(post_id: int, *, viewer=current_user, check=None, lock: bool = False) -> Post:
    """Return the post for which the policy `check(viewer, post)` holds.

    With `lock` nobody else can delete it, or add to it, until the transaction ends: of two who
    delete it at the same moment one finds nothing any more. (SQLite lets one write at a time.)
    """
    if lock:
        db.session.execute(post_lock(post_id))
    return _load(partial(db.session.scalar, post_with_author(post_id)), viewer, check)


def load_outline(post_id: int) -> Row:
    """Return all that its page shows of a post but the texts, which are mostly kept."""
    return _load(partial(post_outline, post_id))


def load_comment(
    comment_id: int, *, viewer=current_user, check=None, lock: bool = False
) -> Comment:
    """Return the comment for which the policy `check(viewer, comment)` holds.

    With `lock` nobody else can delete it, or its post, until the transaction ends.
    """
    if lock:
        for statement in comment_locks(comment_id):
            db.session.execute(statement)
    return _load(partial(db.session.scalar, comment_with_post(comment_id)), viewer, check)


def load_profile(username: str) -> Row:
    """Return what a profile shows of its owner."""
    return _load(partial(profile_of, username))


def _load(read: Callable, viewer=None, check=None):
    record = read()
    if record is None and reads_from_replica():
        read_from(None)  # it may be as new as the link that somebody was sent to it
        record = read()
    if record is None:
        abort(404)
    if check is not None and not check(viewer, record):
        abort(403)
    return record
