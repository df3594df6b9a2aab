"""People and the lists of who follows whom."""

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, raiseload

from ..extensions import db
from ..models import Follow, Role, User
from .posts import AUTHOR

# Put together once: that costs more than some databases take to answer.
_WITH_ROLE = select(User).options(joinedload(User.role))
_NAMED = _WITH_ROLE.where(User.username == bindparam("name"))
_WITH_EMAIL = _WITH_ROLE.where(User.email == bindparam("email"))
_WITH_ID = _WITH_ROLE.where(User.id == bindparam("id"))


def user_named(username: str) -> User | None:
    """Return the user of exactly this name, with their role."""
    return db.session.scalar(_NAMED, {"name": username})


def user_with_email(email: str) -> User | None:
    """Return the user of this address, in whatever case it was typed."""
    return db.session.scalar(_WITH_EMAIL, {"email": email.lower()})


def user_with_role(user_id: int) -> User | None:
    """Return the user with this id, with their role."""
    return db.session.scalar(_WITH_ID, {"id": user_id})


def is_username_taken(username: str, *, but_by: User | None = None) -> bool:
    """Tell whether somebody other than `but_by` has this name, in whatever case."""
    taken = select(User.id).where(User.username_key == username.lower())
    if but_by is not None:
        taken = taken.where(User.id != but_by.id)
    return db.session.scalar(taken) is not None


def is_email_taken(email: str, *, but_by: User) -> bool:
    """Tell whether somebody other than `but_by` has this address."""
    taken = select(User.id).where(User.email == email.lower(), User.id != but_by.id)
    return db.session.scalar(taken) is not None


def relation(viewer: User, user: User) -> tuple[bool, bool]:
    """Return whether `viewer` follows `user`, and whether `user` follows `viewer`."""
    one_way = (Follow.follower_id == viewer.id) & (Follow.followed_id == user.id)
    other_way = (Follow.follower_id == user.id) & (Follow.followed_id == viewer.id)
    rows = select(Follow.follower_id).where(one_way | other_way)
    followers = set(db.session.scalars(rows))
    return viewer.id in followers, user.id in followers


def followers_of(user: User) -> Select:
    """The rows of those who follow `user`, newest first, each with `follower`."""
    rows = select(Follow).join(Follow.follower).where(Follow.followed_id == user.id)
    return _latest(rows, Follow.follower, Follow.followed)


def followed_by(user: User) -> Select:
    """The rows of those whom `user` follows, newest first, each with `followed`."""
    rows = select(Follow).join(Follow.followed).where(Follow.follower_id == user.id)
    return _latest(rows, Follow.followed, Follow.follower)


def _latest(rows: Select, other_end, this_end) -> Select:
    return (
        rows.where(Follow.follower_id != Follow.followed_id)
        .options(
            contains_eager(other_end).load_only(*AUTHOR, raiseload=True),
            lazyload(this_end),
            raiseload("*", sql_only=True),
        )
        .order_by(Follow.timestamp.desc(), User.id.desc())
    )


def roles_by_name() -> list[Role]:
    return db.session.scalars(select(Role).order_by(Role.name)).all()
