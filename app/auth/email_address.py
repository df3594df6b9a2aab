"""Moving an account to another address."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from ..decorators import login_required, writes_on_get
from ..extensions import db
from ..models import later
from ..web.attempts import authenticate
from ..web.mail_notice import flash_where_mail_goes
from ..web.throttle import throttle
from .blueprint import auth
from .forms import ChangeEmailForm


@auth.route("/change_email", methods=["GET", "POST"])
@login_required
def change_email_request():
    form = ChangeEmailForm()
    if form.validate_on_submit():
        user = authenticate(current_user.email, form.password.data)
        if user is not None:
            throttle("CHANGE_EMAIL", user.id)
            later("mail.change_email", user_id=user.id, new_email=form.email.data.lower())
        db.session.commit()
        if user is not None:
            flash(
                "An email with instructions to confirm your new email address has been sent to you."
            )
            flash_where_mail_goes()
            return redirect(url_for("main.index"))
        flash("Invalid email or password.", "error")
    return render_template("auth/change_email.html", form=form)


@auth.get("/change_email/<token>")
@login_required
@writes_on_get
def change_email(token):
    if _move_to_new_address(current_user, token):
        flash("Your email address has been updated.", "success")
    else:
        flash("Invalid request.", "error")
    return redirect(url_for("main.index"))


def _move_to_new_address(user, token: str) -> bool:
    if not user.change_email(token):
        return False
    try:
        db.session.commit()
    except IntegrityError:  # somebody else took the address at the same moment
        db.session.rollback()
        return False
    return True
