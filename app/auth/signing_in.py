"""Signing in and out, and recognising who has signed in before.

Flask-Login's own cookies go on working after a logout and after a change of password, so only
its interface is used: what its cookie names is a row in our table of sessions.
"""

from flask import current_app, g, request, session
from flask_login import login_user, logout_user

from ..database import primary, writing
from ..extensions import db
from ..lib.devices import describe_device
from ..models import User
from ..queries.sessions import session_with_id, session_with_key
from ..web.cookies import (
    forget_remember_cookie,
    mark_device,
    read_remember_cookie,
    set_remember_cookie,
)
from ..web.own_writes import see_own_writes


def sign_in(user: User, *, remember: bool) -> None:
    """Open a session for `user` in this browser; the caller commits."""
    before = load_user(session["_user_id"]) if "_user_id" in session else None
    if before is not None:
        sign_out(before)
    _take_over_nothing()
    record = user.start_session(
        device=describe_device(request.user_agent.string), ip_address=request.remote_addr or ""
    )
    if remember:
        set_remember_cookie(record.id, record.renew_remember_secret())
    mark_device(user)
    login_user(user)


def renew_session(user: User) -> None:
    """Give the current session a new key, as after every change of what it may do.

    A copy that somebody made of its cookies before, the remember-me cookie included, is worthless
    from here on.
    """
    record = user.current_session
    if record is None:
        return
    record.renew_key()
    session["_user_id"] = user.get_id()
    if record.remembered:
        set_remember_cookie(record.id, record.renew_remember_secret())
        record.previous_remember_hash = None


def sign_out(user: User) -> None:
    """End the session at the server and in the browser; the caller commits."""
    if user.current_session is not None:
        user.end_session(user.current_session.id)
    logout_user()
    _take_over_nothing()
    forget_remember_cookie()


def _take_over_nothing() -> None:
    """Empty the browser's session, and forget the CSRF token that was made from it."""
    session.clear()
    g.pop("csrf_token", None)  # where Flask-WTF keeps it for the rest of the request


def load_user(key: str) -> User | None:
    """Return the user whose session has this key; Flask-Login's user loader."""
    with primary():  # a session that ended is over at once
        record = session_with_key(str(key))
    if record is None or not record.is_alive():
        return None
    record.key = key
    return _current(record)


def load_remembered_user(_request) -> User | None:
    """Return the user whom the remember-me cookie names; Flask-Login's request loader.

    Using the cookie is a sign-in, so the session gets a new key and the cookie a new secret: the
    one write that a GET may cause besides the links in mails.
    """
    remembered = read_remember_cookie()
    if remembered is None:
        return None
    session_id, secret = remembered
    db.session.rollback()  # the request may have opened a transaction that only reads
    with writing():
        record = session_with_id(session_id)
        user = _current(record) if record and _accept(record, secret) else None
        db.session.commit()
    if user is None:
        forget_remember_cookie()
    return user


def _accept(record, secret: str) -> bool:
    if record.knows(secret):
        _take_over_nothing()
        record.renew_key()
        set_remember_cookie(record.id, record.renew_remember_secret())
        session["_user_id"] = record.key
        return True
    if record.has_just_replaced(secret):
        return True
    # We signed this secret once and it was exchanged since: one of the two who hold a copy stole
    # it. Which one cannot be told, so both have to sign in again.
    current_app.logger.warning(
        "A remember-me cookie was used twice; session %d of user %d ends.",
        record.id,
        record.user_id,
    )
    db.session.delete(record)
    return False


def _current(record) -> User:
    record.user.current_session = record
    see_own_writes(record.user)
    return record.user
