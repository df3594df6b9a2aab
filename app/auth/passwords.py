"""Changing a password, and replacing a forgotten one."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from ..decorators import login_required
from ..extensions import db
from ..models import User, later
from ..web.attempts import authenticate
from ..web.mail_notice import flash_where_mail_goes
from ..web.throttle import client_network, throttle
from .blueprint import auth
from .forms import ChangePasswordForm, PasswordResetForm, PasswordResetRequestForm
from .signing_in import renew_session


@auth.route("/change-password", methods=["GET", "POST"])
@login_required
def change_password():
    form = ChangePasswordForm(current_user)
    if form.validate_on_submit():
        if authenticate(current_user.email, form.old_password.data) is not None:
            _replace_password(current_user, form.password.data)
            flash("Your password has been updated.", "success")
            return redirect(url_for("main.index"))
        db.session.commit()
        flash("Invalid password.", "error")
    return render_template("auth/change_password.html", form=form)


def _replace_password(user: User, password: str) -> None:
    user.replace_password(password, keep=user.current_session)
    later("mail.password_changed", user_id=user.id)
    renew_session(user)
    db.session.commit()


@auth.route("/reset", methods=["GET", "POST"])
def password_reset_request():
    if not current_user.is_anonymous:
        return redirect(url_for("main.index"))
    form = PasswordResetRequestForm()
    if form.validate_on_submit():
        throttle("RESET_ADDRESS", client_network())
        throttle("RESET_ACCOUNT", form.email.data.lower())
        # Whether there is such an account is for the worker to find out: here nothing, not even
        # the time, depends on it.
        later("mail.password_reset", email=form.email.data.lower())
        db.session.commit()
        flash("An email with instructions to reset your password has been sent to you.")
        flash_where_mail_goes()
        return redirect(url_for("auth.login"))
    return render_template("auth/reset_password.html", form=form)


@auth.route("/reset/<token>", methods=["GET", "POST"])
def password_reset(token):
    if not current_user.is_anonymous:
        return redirect(url_for("main.index"))
    user = User.find_by_reset_token(token)
    if user is None:
        return _refuse_link()
    form = PasswordResetForm(user)
    if form.validate_on_submit():
        if not User.reset_password(token, form.password.data):  # it was used a moment ago
            return _refuse_link()
        later("mail.password_changed", user_id=user.id)
        db.session.commit()
        flash("Your password has been updated.", "success")
        return redirect(url_for("auth.login"))
    return render_template("auth/reset_password.html", form=form)


def _refuse_link():
    flash("The reset link is invalid or has expired.", "error")
    return redirect(url_for("auth.password_reset_request"))
