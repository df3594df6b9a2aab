"""`flask users`: what an operator may have to do to accounts by hand."""

import re

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from sqlalchemy.exc import IntegrityError

from ..extensions import db
from ..lib import usernames
from ..lib.passwords import weakness
from ..models import Role, User, later
from ..models.account_closure import LastAdministrator, ensure_another_administrator
from ..queries.people import roles_by_name, user_with_email
from ..web.links import external_url
from .failures import Group

users = Group("users", help="Create accounts, change roles, confirm addresses, make links.")


def _user(_context, _parameter, email: str) -> User:
    """Return the account with this address; click shows the error and exits with 2."""
    user = user_with_email(email)
    if user is None:
        raise click.BadParameter(f"there is no account with the address {email}.")
    return user


def _role(_context, _parameter, name: str | None) -> Role | None:
    """Return the role of this name, in whatever case it was typed."""
    if name is None:
        return None
    roles = roles_by_name()
    for role in roles:
        if role.name.lower() == name.lower():
            return role
    known = ", ".join(role.name for role in roles) or "none yet; run `flask deploy` first"
    raise click.BadParameter(f"there is no role {name!r}. There are: {known}.")


def _new_email(_context, _parameter, email: str) -> str:
    try:
        validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise click.BadParameter(str(error)) from None
    return email


def _new_username(_context, _parameter, username: str) -> str:
    if not re.match(usernames.PATTERN, username) or len(username) > usernames.LONGEST:
        raise click.BadParameter(
            "usernames have letters, numbers, dots and underscores, first a letter, "
            f"and at most {usernames.LONGEST} of them."
        )
    return username


@users.command()
@click.argument("email", callback=_new_email)
@click.argument("username", callback=_new_username)
@click.password_option(help="Asked for when it is left out.")
@click.option("--role", callback=_role, help="User, Moderator or Administrator.")
@click.option("--confirmed/--unconfirmed", default=True, help="Trust the address as it is.")
def create(email, username, password, role, confirmed):
    """Create the account USERNAME with the address EMAIL."""
    _check_strength(password, username, email)
    user = User(email=email, username=username, password=password, confirmed=confirmed)
    if role is not None:
        user.role = role
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        raise click.ClickException("The username or the address is in use already.") from None
    if not confirmed:
        later("mail.confirmation", user_id=user.id)
    db.session.commit()
    click.echo(f"Created {username}, with the role {user.role and user.role.name}.")


def _check_strength(password: str, *context: str) -> None:
    problem = weakness(
        password,
        min_length=current_app.config["FLASKY_PASSWORD_MIN_LENGTH"],
        min_score=current_app.config["FLASKY_PASSWORD_MIN_SCORE"],
        context=context,
    )
    if problem:
        raise click.ClickException(problem)


@users.command()
@click.argument("user", metavar="EMAIL", callback=_user)
@click.argument("role", callback=_role)
def role(user, role):
    """Give the account of EMAIL the ROLE User, Moderator or Administrator."""
    if not role.has_permission(user.role.permissions if user.role else 0):
        try:
            ensure_another_administrator(user)
        except LastAdministrator:
            raise click.ClickException(
                "This is the last administrator. Make somebody else one first."
            ) from None
    user.take_role(role)
    db.session.commit()
    click.echo(f"{user.username} is {role.name} now.")
    if not user.confirmed:
        click.echo(f"The address is not confirmed yet: flask users confirm {user.email}")


@users.command()
@click.argument("user", metavar="EMAIL", callback=_user)
def confirm(user):
    """Confirm the address of the account of EMAIL, as its owner's click would."""
    if user.confirmed:
        click.echo(f"{user.email} was confirmed already.")
        return
    user.confirm_address()
    later("mail.new_user", user_id=user.id)
    db.session.commit()
    click.echo(f"{user.email} is confirmed.")


@users.command()
@click.argument("user", metavar="EMAIL", callback=_user)
def link(user):
    """Print a one-time link for somebody who cannot get mail.

    It confirms the address of an account that is not confirmed yet, and else lets its owner
    choose a new password. It works once, for an hour.
    """
    if user.confirmed:
        url = external_url("auth.password_reset", token=user.generate_reset_token())
        click.echo("To choose a new password, signed out, within an hour:")
    else:
        url = external_url("auth.confirm", token=user.generate_confirmation_token())
        click.echo("To confirm the address, signed in, within an hour:")
    click.echo(url)
