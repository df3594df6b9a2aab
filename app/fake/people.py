"""People who do not exist, and whom they follow."""

import random
import re
from collections.abc import Callable, Iterator
from hashlib import md5

from sqlalchemy import func, select

from ..extensions import db
from ..lib.clock import utcnow
from ..lib.passwords import hash_password
from ..models import Follow, Role, User
from .chance import PERIOD, batched, moment_after, moments, no_progress, popular, shares
from .loading import load, loading
from .tally import Tally
from .texts import new_faker

_AT_HOME = "@example.com"
_NAMES, _SENTENCES = 800, 2000  # different ones; combined they are enough for everybody
_users, _follows = User.__table__, Follow.__table__


def users(count: int = 100, *, progress: Callable[[int], None] = no_progress) -> None:
    """Create `count` confirmed users with the password `password`, and commit.

    `progress` is told how many more rows there are, now and then.
    """
    taken = _taken_names()
    role_id = db.session.scalar(select(Role.id).filter_by(default=True))
    # Hashing is slow on purpose, and they all have the same password: once will do.
    shared = {"password_hash": hash_password("password"), "role_id": role_id, "confirmed": True}
    profiles, now = _Profiles(count), utcnow()
    people = (
        {
            **profiles.one(taken),
            **shared,
            "member_since": since,
            "last_seen": moment_after(since, now),
        }
        for since in moments(count)
    )
    with loading(_users, are_empty=False, tally=Tally()) as commit:
        for batch in batched(people):
            load(_users, tuple(batch[0]), [tuple(person.values()) for person in batch])
            User.add_self_follows()
            commit()
            progress(len(batch))


def _taken_names() -> set[str]:
    """Return the names that nobody new can have, since their name or their address is taken."""
    people = db.session.execute(select(User.username_key, User.email))
    return {
        name
        for username, email in people
        for name in (username, email and email.removesuffix(_AT_HOME))
        if name
    }


class _Profiles:
    """What `count` people say about themselves."""

    def __init__(self, count: int):
        faker = new_faker()
        names, sentences = min(_NAMES, 20 + count), min(_SENTENCES, 20 + count)
        self._first_names = [faker.first_name() for _ in range(names)]
        self._last_names = [faker.last_name() for _ in range(names)]
        self._cities = [faker.city() for _ in range(names)]
        self._sentences = [faker.sentence(12) for _ in range(sentences)]

    def one(self, taken: set[str]) -> dict:
        """Return the columns of somebody whose user name is not `taken`, and take it."""
        first, last = random.choice(self._first_names), random.choice(self._last_names)
        username = new_username(first, last, taken)
        email = username + _AT_HOME
        return {
            "username": username,
            "username_key": username,
            "email": email,
            "avatar_hash": md5(email.encode(), usedforsecurity=False).hexdigest(),
            "name": f"{first} {last}",
            "location": random.choice(self._cities),
            "about_me": random.choice(self._sentences),
        }


def new_username(first: str, last: str, taken: set[str]) -> str:
    """Return a user name for somebody of this name that nobody has, and take it."""
    first, last = (re.sub(r"[^a-z]", "", part.lower()) for part in (first, last))
    form = random.choice(("{0}.{1}", "{0}{1}", "{0}_{1}", "{2}{1}", "{1}.{0}"))
    name = plain = form.format(first, last, first[:1]).strip("._") or "somebody"
    while name in taken:
        name = f"{plain}{random.randrange(10_000)}"
    taken.add(name)
    return name


def follows(count: int, *, progress: Callable[[int], None] = no_progress) -> None:
    """Let people follow each other `count` times, the popular ones most, and commit.

    Raises ValueError if there are too few people for so many pairs.
    """
    others = select(1).where(Follow.follower_id != Follow.followed_id).limit(1)
    is_empty, tally = db.session.scalar(others) is None, Tally()
    with loading(_follows, are_empty=is_empty, tally=tally) as commit:
        people, numbers = _rooms_for(count)
        for batch in batched(_new_pairs(people, numbers)):
            start = utcnow() - PERIOD
            rows = ((*pair, start + PERIOD * random.random()) for pair in batch)
            load(_follows, ("follower_id", "followed_id", "timestamp"), rows)
            not_self = [pair for pair in batch if pair[0] != pair[1]]
            tally.add(User.followed_count, (follower for follower, _ in not_self))
            tally.add(User.follower_count, (followed for _, followed in not_self))
            progress(len(batch))
            commit()


def _rooms_for(count: int) -> tuple[list[int], list[int]]:
    """Return all people, and how many more each of them shall follow, together `count`.

    Raises ValueError if there are too few people for so many pairs.
    """
    people = list(db.session.scalars(select(User.id).order_by(User.id)))
    numbers = select(Follow.follower_id, func.count()).group_by(Follow.follower_id)
    have = dict(db.session.execute(numbers).all())
    rooms = [len(people) - have.get(person, 0) for person in people]
    if sum(rooms) < count:
        raise ValueError(f"{len(people)} people cannot follow each other {count} times more.")
    return people, list(shares(count, rooms))


def _new_pairs(people: list[int], numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield a follower and a followed one who are no pair yet, for each person their number."""
    for start in range(0, len(people), 1000):
        group = people[start : start + 1000]
        known: dict[int, set[int]] = {person: set() for person in group}
        rows = select(Follow.follower_id, Follow.followed_id)
        rows = rows.where(Follow.follower_id.between(group[0], group[-1]))
        for follower, followed in db.session.execute(rows):
            known[follower].add(followed)
        for person, number in zip(group, numbers[start : start + 1000], strict=True):
            for followed in _new_acquaintances(people, number, known[person]):
                yield person, followed


def _new_acquaintances(people: list[int], number: int, known: set[int]) -> list[int]:
    """Return `number` different people who are not `known`."""
    found: set[int] = set()
    for _ in range(10):
        found.update(popular(people, number - len(found)))
        found -= known
    if len(found) < number:  # somebody who knows nearly everybody
        others = [person for person in people if person not in known and person not in found]
        found.update(random.sample(others, number - len(found)))
    return sorted(found)
