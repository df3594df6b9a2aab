"""Keeping what somebody typed when their session ended before they sent it.

The text travels through the log-in form in hidden fields, so it is nowhere but with its author,
and is offered again afterwards. Nothing is published without another click.
"""

from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user

from ..extensions import login_manager
from .blueprint import auth
from .forms import LoginForm

_PREFIX = "kept-"
_NEVER_KEPT = ("csrf_token", "submit", "preview")
_MESSAGE = "Please log in to access this page."
_INTERRUPTED = (
    "Your session had ended before this was sent. Nothing is lost: log in, and you can send it."
)


def kept_fields() -> dict[str, str]:
    """Return the fields that the log-in form carried along."""
    return {
        name.removeprefix(_PREFIX): text
        for name, text in request.form.items()
        if name.startswith(_PREFIX)
    }


def offer_again(action: str, fields: dict[str, str], status: int = 200):
    """Show the form that was interrupted, filled in and with a fresh token."""
    hidden = {name: text for name, text in fields.items() if name != "body"}
    page = render_template(
        "auth/resume.html", action=action, fields=hidden, body=fields.get("body")
    )
    return page, status


def ask_to_log_in():
    """Send a stranger to the log-in page; Flask-Login's unauthorized handler.

    Somebody whose session ended while they were writing gets the page at once, with their text.
    """
    page = recover_from_ended_session()
    if page is not None:
        return page
    flash(_MESSAGE)
    return redirect(f"{url_for('auth.login')}?{urlencode({'next': _where()})}")


def recover_from_ended_session():
    """Answer somebody whose session ended while they were writing; None if it is not so."""
    typed = _typed_fields()
    if typed and current_user.is_anonymous and "_user_id" in session:
        return _log_in_with(typed, 401)
    return None


def recover_from_csrf_failure(error):
    """Answer a form whose token is missing or no longer fits, without losing its text."""
    typed = _typed_fields()
    if typed and current_user.is_authenticated:
        flash("This page had been open for too long. Please look at it and send it again.")
        return offer_again(request.full_path.rstrip("?"), typed, 400)
    if typed and request.blueprint != auth.name:
        return _log_in_with(typed, 400)
    return None


def _log_in_with(typed: dict[str, str], status: int):
    flash(_INTERRUPTED, "warning")
    form = LoginForm(formdata=None)
    page = render_template(
        "auth/login.html", form=form, kept=typed, action=url_for("auth.login", next=_where())
    )
    return page, status


def _typed_fields() -> dict[str, str]:
    """Return what the person typed; never a password, and nothing if no text is among it.

    A page that hides where it came from (an Origin of "null") may be anybody's, and what it sent
    must not be offered to the person as their own.
    """
    if request.method != "POST" or request.headers.get("Origin") == "null":
        return {}
    typed = {
        name: text
        for name, text in request.form.items()
        if name not in _NEVER_KEPT and "password" not in name
    }
    return typed if any(text.strip() for text in typed.values()) else {}


def _where() -> str:
    return request.full_path.rstrip("?")


login_manager.unauthorized_handler(ask_to_log_in)
