"""Flask-Login, kept to its interface: who is here is looked up in our own table of sessions."""

from flask import Flask, redirect, request, url_for
from flask_login import current_user

from ..auth.signing_in import load_remembered_user, load_user
from ..extensions import login_manager
from ..models import AnonymousUser
from ..models.user_session import REMEMBERED_FOR
from ..web.cookies import SessionInterface

# Pages are made of these; without them an unconfirmed person would see a bare one.
_PARTS_OF_PAGES = ("main.stylesheet", "main.avatar", "main.picture", "main.appearance")


def init_app(app: Flask) -> None:
    # A name that no cookie can have: Flask-Login must not read a remember-me cookie of its own
    # making beside ours, and trips over one that is not ASCII.
    app.config["REMEMBER_COOKIE_NAME"] = ";"
    app.permanent_session_lifetime = REMEMBERED_FOR  # the row ends a session, not the cookie's age
    app.session_interface = SessionInterface()
    login_manager.init_app(app)
    # Looking for what it does not do would make every answer, style sheets too, depend on the
    # cookies of whoever asks, so that no cache could use it for long.
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)
    login_manager.login_view = "auth.login"
    login_manager.session_protection = None  # our sessions are rows, and end there
    login_manager._session_identifier_generator = _from_anywhere
    login_manager.anonymous_user = AnonymousUser
    login_manager.user_loader(load_user)
    login_manager.request_loader(load_remembered_user)
    app.before_request(_hold_back_the_unconfirmed)


def _from_anywhere() -> None:
    """Say nothing about the browser: nobody compares it, and a hash of it would fill the cookie."""


def _hold_back_the_unconfirmed():
    asked = request._get_current_object()
    if asked.endpoint is None or asked.endpoint in _PARTS_OF_PAGES:
        return None
    if asked.endpoint == "static" or asked.blueprint in ("api", "auth", "ops"):
        return None
    user = current_user._get_current_object()
    if user.is_authenticated and not user.confirmed:
        return redirect(url_for("auth.unconfirmed"))
    return None
