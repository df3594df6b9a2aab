"""Closing one's own account."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from ..decorators import login_required
from ..extensions import db
from ..models.account_closure import LastAdministrator, close_account
from ..web.attempts import authenticate
from .blueprint import auth
from .forms import DeleteAccountForm
from .signing_in import sign_out

_LAST_ADMINISTRATOR = (
    "You are the only administrator. Make somebody else one before you delete your account."
)


@auth.route("/delete-account", methods=["GET", "POST"])
@login_required
def delete_account():
    form = DeleteAccountForm()
    if form.validate_on_submit():
        user = authenticate(current_user.email, form.password.data)
        if user is not None and _close(user):
            flash("Your account and everything you wrote here have been deleted.")
            return redirect(url_for("main.index"))
        db.session.commit()
        if user is None:
            flash("Invalid password.", "error")
    return render_template("auth/delete_account.html", form=form)


def _close(user) -> bool:
    try:
        close_account(user)
    except LastAdministrator:
        flash(_LAST_ADMINISTRATOR, "error")
        return False
    sign_out(user)
    db.session.commit()
    return True
