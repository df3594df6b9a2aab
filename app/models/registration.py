"""Opening an account."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ..extensions import db
from ..lib import passwords
from .job import later
from .user import User


def register(*, email: str, username: str, password: str) -> User | None:
    """Open an account and promise the mail that confirms its address.

    An address that has an account already opens none: its owner is told by mail instead, so that
    the person who typed it learns nothing. Returns the new user, or None in that case.
    Raises UsernameTaken when somebody else took the name a moment before.
    """
    owner_id = _owner_of(email)
    if owner_id is None:
        user = _insert(email=email, username=username, password=password)
        if user is not None:
            later("mail.confirmation", user_id=user.id)
            return user
        owner_id = _owner_of(email)
        if owner_id is None:
            raise UsernameTaken(username)
    else:
        passwords.hash_password(password)  # takes as long as opening an account
    later("mail.address_taken", user_id=owner_id)
    return None


class UsernameTaken(Exception):
    """Somebody else has this user name."""


def _owner_of(email: str) -> int | None:
    return db.session.scalar(select(User.id).where(User.email == email.lower()))


def _insert(**values) -> User | None:
    """Insert the row, unless the address or the name was taken in the meantime."""
    try:
        with db.session.begin_nested():
            user = User(**values)
            db.session.add(user)
    except IntegrityError:
        return None
    return user
