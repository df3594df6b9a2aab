"""What administrators may change about other people."""

from sqlalchemy.exc import IntegrityError

from ..extensions import db
from ..models import Role, User
from ..models.account_closure import LastAdministrator, ensure_another_administrator
from ..policies.people import can_administer
from ..queries.people import is_email_taken
from ..web.forms import check_username_is_free
from .blueprint import api
from .errors import Refusal
from .operations import commits, needs, refuse_if_stale
from .representations import account
from .rules import ask_form
from .schemas import AccountChange, AccountSchema
from .users import load_user


@api.get("/users/<int:id>/account")
@needs("admin", can_administer)
@api.response(200, AccountSchema)
def get_account(id):
    """Read somebody's account."""
    return account(load_user(id))


@api.put("/users/<int:id>/account")
@needs("admin", can_administer)
@commits
@api.arguments(AccountChange, required=False)
@api.response(200, AccountSchema)
def edit_account(values, id):
    """Change somebody's role, address, name or profile; what is left out stays as it is."""
    user = load_user(id)
    refuse_if_stale(account(user))
    _refuse_taken(user, values)
    try:
        with db.session.begin_nested():
            user.edit_by_admin(**_complete(user, values))
    except IntegrityError:
        raise Refusal(409, "The user name or the address is taken since a moment ago") from None
    return account(user)


def _complete(user: User, values: dict) -> dict:
    """Return the values that an administrator sets, with those that stay."""
    email = values.pop("email", user.email or "")
    role = values.pop("role", None)
    return {**values, "email": email, "role": _role(user, role) if role else user.role}


def _role(user: User, name: str) -> Role | None:
    """Return the role of this name, if the site can do with `user` having it."""
    role = Role.named(name)
    if role is None:
        raise Refusal(400, "Not a valid choice.", fields={"role": ["Not a valid choice."]})
    if role != user.role:
        try:
            ensure_another_administrator(user)
        except LastAdministrator:
            message = "This is the last administrator. Make somebody else one first."
            raise Refusal(409, message, fields={"role": [message]}) from None
    return role


def _refuse_taken(user: User, values: dict) -> None:
    name, email = values.get("username"), values.get("email")
    problems = {}
    if name is not None and name != user.username:
        problems["username"] = ask_form(check_username_is_free, name, but_by=user)
    if email is not None and is_email_taken(email, but_by=user):
        problems["email"] = ["Email already registered."]
    problems = {field: texts for field, texts in problems.items() if texts}
    if problems:
        message = next(iter(problems.values()))[0]
        raise Refusal(409, message, fields=problems)
