"""People and the lists of who follows whom."""

from sqlalchemy import Row, Select, and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, lazyload, raiseload

from ..extensions import db
from ..models import Follow, Role, User
from .lists import List, Order, Rows, Shape
from .lookup import Lookup
from .posts import AUTHOR
from .reading import read

_NAMED = Lookup(User, User.role, where=User.username == bindparam("name"))
_WITH_EMAIL = Lookup(User, User.role, where=User.email == bindparam("email"))
_WITH_ID = Lookup(User, User.role, where=User.id == bindparam("id"))

_users = User.__table__.c
_PROFILE = select(
    _users.id,
    _users.username,
    _users.name,
    _users.picture,
    _users.avatar_hash,
    _users.email,
    _users.location,
    _users.about_me,
    _users.member_since,
    _users.last_seen,
    _users.post_count,
    _users.comment_count,
    _users.follower_count,
    _users.followed_count,
).where(_users.username == bindparam("name"))


def user_named(username: str) -> User | None:
    """Return the user of exactly this name, with their role."""
    return _NAMED.find(name=username)


def profile_of(username: str) -> Row | None:
    """Return what a profile shows of the user of exactly this name."""
    return next(iter(read(_PROFILE, {"name": username})), None)


def user_with_email(email: str) -> User | None:
    """Return the user of this address, in whatever case it was typed."""
    return _WITH_EMAIL.find(email=email.lower())


def user_with_role(user_id: int) -> User | None:
    """Return the user with this id, with their role."""
    return _WITH_ID.find(id=user_id)


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


_follows = Follow.__table__.c
_VIEWER, _USER = bindparam("viewer_id"), bindparam("user_id")
_BETWEEN = select(_follows.follower_id).where(
    or_(
        and_(_follows.follower_id == _VIEWER, _follows.followed_id == _USER),
        and_(_follows.follower_id == _USER, _follows.followed_id == _VIEWER),
    )
)


def relation(viewer: User, user: User) -> tuple[bool, bool]:
    """Return whether `viewer` follows `user`, and whether `user` follows `viewer`."""
    between = read(_BETWEEN, {"viewer_id": viewer.id, "user_id": user.id})
    followers = {follower_id for (follower_id,) in between}
    return viewer.id in followers, user.id in followers


def _with(person, user) -> Shape:
    """Return what reads each row with the person at one end; at the other is who was asked."""

    def records(keys: Select) -> Select:
        return (
            keys.select_from(Follow)
            .with_only_columns(Follow)
            .join(person)
            .options(
                contains_eager(person).load_only(*AUTHOR, raiseload=True),
                lazyload(user),
                raiseload("*", sql_only=True),
            )
        )

    return records


_OTHERS = select(_follows.follower_id, _follows.followed_id).where(
    _follows.follower_id != _follows.followed_id
)
_FOLLOWERS = List(
    _OTHERS.where(_follows.followed_id == bindparam("user_id")),
    Order(_follows.timestamp, _follows.follower_id),
    _with(Follow.follower, Follow.followed),
)
_FOLLOWED = List(
    _OTHERS.where(_follows.follower_id == bindparam("user_id")),
    Order(_follows.timestamp, _follows.followed_id),
    _with(Follow.followed, Follow.follower),
)


def followers_of(user: User) -> Rows:
    """The rows of those who follow `user`, newest first, each with `follower`."""
    return _FOLLOWERS.of(user_id=user.id, total=user.follower_count)


def followed_by(user: User) -> Rows:
    """The rows of those whom `user` follows, newest first, each with `followed`."""
    return _FOLLOWED.of(user_id=user.id, total=user.followed_count)


def roles_by_name() -> list[Role]:
    return db.session.scalars(select(Role).order_by(Role.name)).all()
