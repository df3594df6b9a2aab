"""Guards that stand before a view."""

from functools import wraps

from flask import abort
from flask_login import current_user, login_required

from .models import Permission


def permission_required(permission: int):
    """Let only users through who hold `permission`; strangers are sent to sign in first."""

    def guard(view):
        @wraps(view)
        def guarded(*args, **kwargs):
            if not current_user.can(permission):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return guard


def admin_required(view):
    """Let only administrators through."""
    return permission_required(Permission.ADMIN)(view)


def writes_on_get(view):
    """Mark a view that may write although it answers a GET. # contract: links in mails, logout

    Every other GET gets a transaction that only reads.
    """
    view.writes_on_get = True
    return view


def writes_by_statements(view):
    """Mark a view that changes no records, but adds rows by statements: who came stands alone.

    To hold the records of a session ready to be changed takes longer than adding a row. Where the
    database needs none, there is no transaction either (models/changing.py).
    """
    view.writes_by_statements = True
    return view


def takes_up_to(size: int):
    """Mark a view that takes bodies of up to `size` bytes, where others take MAX_CONTENT_LENGTH."""

    def mark(view):
        view.max_content_length = size
        return view

    return mark


__all__ = [
    "admin_required",
    "login_required",
    "permission_required",
    "takes_up_to",
    "writes_by_statements",
    "writes_on_get",
]
