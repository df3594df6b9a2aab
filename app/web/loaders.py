"""From an address to a record, or to 404 when there is none and 403 when it is not yours."""

from flask import abort
from flask_login import current_user
from sqlalchemy import Select

from ..database import read_from, reads_from_replica
from ..extensions import db
from ..models import Comment, Post, User
from ..queries.comments import comment_with_post
from ..queries.people import user_named
from ..queries.posts import post_with_author


def load_post(post_id: int, *, viewer=current_user, check=None) -> Post:
    """Return the post for which the policy `check(viewer, post)` holds."""
    return _load(post_with_author(post_id), viewer, check)


def load_comment(comment_id: int, *, viewer=current_user, check=None) -> Comment:
    """Return the comment for which the policy `check(viewer, comment)` holds."""
    return _load(comment_with_post(comment_id), viewer, check)


def load_user(username: str) -> User:
    return user_named(username) or abort(404)


def _load(rows: Select, viewer, check):
    record = db.session.scalar(rows)
    if record is None and reads_from_replica():
        read_from(None)  # it may be as new as the link that somebody was sent to it
        record = db.session.scalar(rows)
    if record is None:
        abort(404)
    if check is not None and not check(viewer, record):
        abort(403)
    return record
