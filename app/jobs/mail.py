"""Mails that were promised. A user who is gone by now gets none.

They only read, since a mail server may be slow and nobody but the worker should wait for it.
"""

from flask import current_app

from ..email import send_email
from ..extensions import db
from ..models import User
from ..queries.people import user_with_email
from ..web.links import external_url
from .handlers import handles


@handles("mail.confirmation", only_reads=True)
def confirmation(user_id: int) -> None:
    user = db.session.get(User, user_id)
    if user is None or user.confirmed:
        return
    link = external_url("auth.confirm", token=user.generate_confirmation_token())
    _send(user.email, "Confirm Your Account", "auth/email/confirm", user=user, link=link)


@handles("mail.address_taken", only_reads=True)
def address_taken(user_id: int) -> None:
    """Tell the owner of an address that somebody tried to register with it."""
    user = db.session.get(User, user_id)
    if user is not None:
        link = external_url("auth.password_reset_request")
        _send(user.email, "You Have an Account", "auth/email/address_taken", user=user, link=link)


@handles("mail.password_reset", only_reads=True)
def password_reset(email: str) -> None:
    """Send the link if the address has an account; that is decided here, out of sight."""
    user = user_with_email(email)
    if user is not None:
        link = external_url("auth.password_reset", token=user.generate_reset_token())
        _send(user.email, "Reset Your Password", "auth/email/reset_password", user=user, link=link)


@handles("mail.password_changed", only_reads=True)
def password_changed(user_id: int) -> None:
    user = db.session.get(User, user_id)
    if user is not None:
        _send(user.email, "Your Password Was Changed", "auth/email/password_changed", user=user)


@handles("mail.change_email", only_reads=True)
def change_email(user_id: int, new_email: str) -> None:
    """Send the proof to the new address, or a notice if that address has an account already."""
    user = db.session.get(User, user_id)
    if user is None:
        return
    owner = user_with_email(new_email)
    if owner is not None:
        address_taken(owner.id)
        return
    link = external_url("auth.change_email", token=user.generate_email_change_token(new_email))
    _send(
        new_email,
        "Confirm your email address",
        "auth/email/change_email",
        user=user,
        link=link,
        new_email=new_email,
    )


@handles("mail.email_changed", only_reads=True)
def email_changed(user_id: int, old_email: str) -> None:
    user = db.session.get(User, user_id)
    if user is not None:
        _send(
            old_email,
            "Your Email Address Was Changed",
            "auth/email/email_changed",
            user=user,
            new_email=user.email,
        )


@handles("mail.new_user", only_reads=True)
def new_user(user_id: int) -> None:
    admin = current_app.config["FLASKY_ADMIN"]
    user = db.session.get(User, user_id)
    if admin and user is not None:
        link = external_url("main.user", username=user.username or "")
        recipient = user_with_email(admin)
        name = (recipient and recipient.username) or "administrator"
        _send(admin, "New User", "mail/new_user", user=user, link=link, recipient=name)


def _send(to: str | None, *args, **kwargs) -> None:
    if to:  # accounts made in code may have no address
        send_email(to, *args, **kwargs)
