"""People who do not exist, and whom they follow."""

import random
import re
from collections.abc import Callable
from hashlib import md5

from faker import Faker
from sqlalchemy import insert, select

from ..extensions import db
from ..lib.passwords import hash_password
from ..models import Follow, Role, User
from ..models.counters import recount
from .chance import batches, moments, no_progress, popular

_AT_HOME = "@example.com"


def users(count: int = 100, *, progress: Callable[[int], None] = no_progress) -> None:
    """Create `count` confirmed users with the password `password`, and commit.

    `progress` is told how many more rows there are, now and then.
    """
    faker = Faker()
    faker.seed_instance(random.getrandbits(32))
    taken = _taken_names()
    role_id = db.session.scalar(select(Role.id).filter_by(default=True))
    # Hashing is slow on purpose, and they all have the same password: once will do.
    shared = {"password_hash": hash_password("password"), "role_id": role_id, "confirmed": True}
    for size in batches(count):
        rows = [
            {**_person(faker, _new_name(faker, taken)), **shared, "member_since": since}
            for since in moments(size)
        ]
        db.session.execute(insert(User), rows)
        progress(size)
    User.add_self_follows()
    db.session.commit()  # contract


def _taken_names() -> set[str]:
    """Return the names that nobody new can have, since their name or their address is taken."""
    people = db.session.execute(select(User.username_key, User.email))
    return {
        name
        for username, email in people
        for name in (username, email and email.removesuffix(_AT_HOME))
        if name
    }


def _person(faker: Faker, username: str) -> dict:
    email = username.lower() + _AT_HOME
    return {
        "username": username,
        "username_key": username.lower(),
        "email": email,
        "avatar_hash": md5(email.encode(), usedforsecurity=False).hexdigest(),
        "name": faker.name(),
        "location": faker.city(),
        "about_me": faker.sentence(12),
    }


def _new_name(faker: Faker, taken: set[str]) -> str:
    """Return a user name that nobody has, and take it."""
    while True:
        name = re.sub(r"[^a-z0-9_.]", "", faker.user_name().lower())
        if name in taken:
            name = f"{name}{random.randrange(10_000)}"
        if name not in taken and name[:1].isalpha():
            taken.add(name)
            return name


def follows(count: int, *, progress: Callable[[int], None] = no_progress) -> None:
    """Let people follow each other `count` times, the popular ones most, and commit.

    Raises ValueError if there are too few people for so many pairs.
    """
    people = list(db.session.scalars(select(User.id).order_by(User.id)))
    pairs = db.session.execute(select(Follow.follower_id, Follow.followed_id))
    known = set(map(tuple, pairs))
    if len(known) + count > len(people) ** 2:
        raise ValueError(f"{len(people)} people cannot follow each other {count} times more.")
    for size in batches(count):
        rows = [_new_pair(people, known) for _ in range(size)]
        db.session.execute(
            insert(Follow),
            [
                {"follower_id": follower, "followed_id": followed, "timestamp": when}
                for (follower, followed), when in zip(rows, moments(size), strict=True)
            ],
        )
        progress(size)
    recount()
    db.session.commit()  # contract


def _new_pair(people: list[int], known: set[tuple[int, int]]) -> tuple[int, int]:
    """Return a follower and a followed one who are no pair yet, and make them one."""
    while True:
        pair = random.choice(people), popular(people)
        if pair not in known:
            known.add(pair)
            return pair
