"""One's own account. What asks for the password on the site asks for it here: no token will do."""

from flask import g
from sqlalchemy.exc import IntegrityError

from ..extensions import db
from ..models import later
from ..models.account_closure import LastAdministrator, close_account
from ..web.throttle import throttle
from .blueprint import api
from .errors import Refusal
from .operations import commits, needs, refuse_if_stale
from .registration import refuse_weak
from .representations import account
from .schemas import Email, LinkToken, MessageSchema, NewPassword

_MAIL_IS_ON_ITS_WAY = (
    "An email with instructions to confirm your new email address has been sent to you."
)


@api.put("/me/password")
@needs("write", password=True)
@commits
@api.arguments(NewPassword)
@api.response(200, MessageSchema)
def change_password(values):
    """Change your password. All sessions and all tokens end."""
    user = g.current_user
    refuse_weak(values["password"], user.username, user.email)
    user.replace_password(values["password"])
    later("mail.password_changed", user_id=user.id)
    return {"message": "Your password has been updated."}


@api.post("/me/email")
@needs("write", password=True)
@commits
@api.arguments(Email)
@api.response(202, MessageSchema)
def request_email_change(values):
    """Have a mail sent to a new address, which makes it yours."""
    user = g.current_user
    throttle("CHANGE_EMAIL", user.id)
    later("mail.change_email", user_id=user.id, new_email=values["email"].lower())
    return {"message": _MAIL_IS_ON_ITS_WAY}


@api.put("/me/email")
@needs("write")
@commits
@api.arguments(LinkToken)
@api.response(200, MessageSchema)
def change_email(values):
    """Move your account to the new address, with the token from the mail."""
    try:
        with db.session.begin_nested():
            moved = g.current_user.change_email(values["token"])
    except IntegrityError:  # somebody else took the address at the same moment
        moved = False
    if not moved:
        raise Refusal(400, "Invalid request.")
    return {"message": "Your email address has been updated."}


@api.delete("/me")
@needs("read", password=True, unconfirmed=True)
@commits
@api.response(204)
def delete_me():
    """Delete your account and everything you wrote."""
    refuse_if_stale(account(g.current_user))
    try:
        close_account(g.current_user)
    except LastAdministrator:
        raise Refusal(409, "You are the only administrator. Make somebody else one first") from None
