"""Registering, confirming the address, and replacing a forgotten password."""

from flask import g

from ..models import User, later
from ..models.registration import UsernameTaken, register
from ..web.forms import check_strength, check_username_is_free
from ..web.throttle import client_network, throttle
from .blueprint import api
from .errors import Refusal
from .operations import commits, needs
from .rules import ask_form
from .schemas import Email, LinkToken, MessageSchema, PasswordReset, Registration

_MAIL_IS_ON_ITS_WAY = "A confirmation email has been sent to you by email."


def refuse_weak(password: str, *context) -> None:
    """Refuse a password that somebody known by `context` must not have."""
    problems = ask_form(check_strength, password, *context)
    if problems:
        raise Refusal(400, problems[0], fields={"password": problems})


@api.post("/users/")
@needs(None)
@commits
@api.arguments(Registration)
@api.response(202, MessageSchema)
def new_user(values):
    """Register. The answer is the same whether the address has an account or not."""
    email, username, password = values["email"], values["username"], values["password"]
    taken = ask_form(check_username_is_free, username)
    if taken:
        raise Refusal(409, taken[0], fields={"username": taken})
    refuse_weak(password, username, email)
    throttle("REGISTER", client_network())
    try:
        register(email=email, username=username, password=password)
    except UsernameTaken:
        raise Refusal(409, "Username already in use.") from None
    return {"message": _MAIL_IS_ON_ITS_WAY}


@api.post("/me/confirmation")
@needs("read", unconfirmed=True)
@commits
@api.response(202, MessageSchema)
def resend_confirmation():
    """Have the mail sent again that confirms your address."""
    if g.current_user.confirmed:
        raise Refusal(409, "Your address is confirmed")
    throttle("CONFIRM", g.current_user.id)
    later("mail.confirmation", user_id=g.current_user.id)
    return {"message": "A new confirmation email has been sent to you by email."}


@api.put("/me/confirmation")
@needs("write", unconfirmed=True)
@commits
@api.arguments(LinkToken)
@api.response(200, MessageSchema)
def confirm(values):
    """Confirm your address with the token from the mail."""
    user = g.current_user
    if not user.confirmed:
        if not user.confirm(values["token"]):
            raise Refusal(400, "The confirmation link is invalid or has expired.")
        later("mail.new_user", user_id=user.id)
    return {"message": "You have confirmed your account. Thanks!"}


@api.post("/password-resets/")
@needs(None)
@commits
@api.arguments(Email)
@api.response(202, MessageSchema)
def request_password_reset(values):
    """Have a mail sent with which a forgotten password is replaced, if there is an account."""
    throttle("RESET_ADDRESS", client_network())
    throttle("RESET_ACCOUNT", values["email"].lower())
    later("mail.password_reset", email=values["email"].lower())
    message = "An email with instructions to reset your password has been sent to you."
    return {"message": message}


@api.put("/password-resets/")
@needs(None)
@commits
@api.arguments(PasswordReset)
@api.response(200, MessageSchema)
def reset_password(values):
    """Replace a forgotten password with the token from the mail."""
    user = User.find_by_reset_token(values["token"])
    if user is None:
        raise Refusal(400, "The reset link is invalid or has expired.")
    refuse_weak(values["password"], user.username, user.email)
    User.reset_password(values["token"], values["password"])
    later("mail.password_changed", user_id=user.id)
    return {"message": "Your password has been updated."}
