"""The tokens that somebody gives to programs."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from ..decorators import login_required
from ..extensions import db
from ..models.api_token import TooManyTokens
from ..queries.api_tokens import tokens_of
from ..web.attempts import authenticate
from .blueprint import auth
from .forms import TokenForm


@auth.route("/tokens", methods=["GET", "POST"], endpoint="tokens")
@login_required
def list_tokens():
    form, token = TokenForm(), None
    if form.validate_on_submit():
        token = _make(form)
        if token is not None:
            form = TokenForm(formdata=None)
    tokens = tokens_of(current_user)
    return render_template("auth/tokens.html", form=form, tokens=tokens, token=token)


def _make(form: TokenForm) -> str | None:
    """Return a new token as the form describes it; None, and why in the form, if there is none."""
    user = authenticate(current_user.email, form.password.data)
    try:
        if user is None:
            form.password.errors = ["Invalid password."]
            return None
        return user.make_token(form.name.data, form.scopes.data, days=form.days.data)[1]
    except TooManyTokens:
        form.name.errors = ["You have too many tokens. Revoke one first."]
        return None
    finally:
        db.session.commit()


@auth.post("/tokens/<int:id>/revoke")
@login_required
def revoke_token(id):
    if current_user.revoke_token(id):
        flash("That token works no longer.", "success")
    else:
        flash("That token had been revoked already.")
    db.session.commit()
    return redirect(url_for("auth.tokens"))
