"""Logging in and out."""

from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ..decorators import login_required, writes_on_get
from ..extensions import db
from ..lib.paths import local_path
from ..web.attempts import authenticate
from .blueprint import auth
from .forms import LoginForm
from .interruption import kept_fields, offer_again
from .signing_in import sign_in, sign_out


@auth.route("/login", methods=["GET", "POST"])
def login():
    form = LoginForm()
    kept = kept_fields()
    if form.validate_on_submit():
        user = authenticate(form.email.data, form.password.data)
        if user is not None:
            sign_in(user, remember=form.remember_me.data)
        db.session.commit()
        if user is not None:
            return _go_on(kept)
        flash("Invalid email or password.", "error")
    return render_template("auth/login.html", form=form, kept=kept)


@auth.route("/logout", methods=["GET", "POST"])
@login_required
@writes_on_get
def logout():
    sign_out(current_user)
    db.session.commit()
    flash("You have been logged out.")
    response = redirect(url_for("main.index"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _go_on(kept: dict[str, str]):
    """Return to where the user wanted to go, if that is on this site and can be looked at."""
    target = local_path(request.args.get("next"))
    if target is None:
        return redirect(url_for("main.index"))
    if kept:
        return offer_again(target, kept)
    return redirect(target if _is_page(target) else url_for("main.index"))


def _is_page(target: str) -> bool:
    """Tell whether there is something to see at `target`; some addresses only do something."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(target).path, method="GET")
    except MethodNotAllowed:
        return False
    except HTTPException:
        return True  # a redirect, or a page not found that says so itself
    return endpoint != "auth.logout"  # who has just logged in wants to stay
