"""Registering and confirming the address."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from ..decorators import login_required, writes_on_get
from ..extensions import db
from ..models import later
from ..models.registration import UsernameTaken
from ..models.registration import register as open_account
from ..web.mail_notice import flash_where_mail_goes
from ..web.throttle import client_network, throttle
from .blueprint import auth
from .forms import RegistrationForm
from .signing_in import renew_session


@auth.route("/register", methods=["GET", "POST"])
def register():
    form = RegistrationForm()
    if form.validate_on_submit() and _open_account(form):
        flash("A confirmation email has been sent to you by email.")
        flash_where_mail_goes()
        return redirect(url_for("auth.login"))
    return render_template("auth/register.html", form=form)


def _open_account(form: RegistrationForm) -> bool:
    """Open the account; if the name went to somebody else just now, say so in the form."""
    throttle("REGISTER", client_network())
    try:
        open_account(
            email=form.email.data, username=form.username.data, password=form.password.data
        )
    except UsernameTaken:
        form.username.errors = ["Username already in use."]
        return False
    db.session.commit()
    return True


@auth.get("/unconfirmed")
def unconfirmed():
    if current_user.is_anonymous or current_user.confirmed:
        return redirect(url_for("main.index"))
    return render_template("auth/unconfirmed.html")


@auth.get("/confirm/<token>")
@login_required
@writes_on_get
def confirm(token):
    if current_user.confirmed:
        return redirect(url_for("main.index"))
    if current_user.confirm(token):
        later("mail.new_user", user_id=current_user.id)
        renew_session(current_user)
        db.session.commit()
        flash("You have confirmed your account. Thanks!", "success")
    else:
        flash("The confirmation link is invalid or has expired.", "error")
    return redirect(url_for("main.index"))


@auth.post("/confirm")
@login_required
def resend_confirmation():
    if not current_user.confirmed:
        throttle("CONFIRM", current_user.id)
        later("mail.confirmation", user_id=current_user.id)
        db.session.commit()
        flash("A new confirmation email has been sent to you by email.")
        flash_where_mail_goes()
    return redirect(url_for("main.index"))
