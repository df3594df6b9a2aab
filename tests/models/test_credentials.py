"""A user's password."""

import re

import pytest
from argon2 import PasswordHasher

from app.extensions import db
from app.models import Role, User, UserSession


@pytest.fixture(autouse=True)
def quick_passwords():
    """The hashes of these tests are the real ones."""


@pytest.fixture(scope="module")
def outdated_hash():
    return PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("cat")


def user_with(**values):
    return User(role=Role(), **values)


def test_a_password_is_kept_as_an_argon2id_hash():
    assert re.match(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$", user_with(password="cat").password_hash)


def test_a_password_cannot_be_read():
    with pytest.raises(AttributeError):
        user_with(password="cat").password  # noqa: B018
    with pytest.raises(AttributeError):
        user_with().password  # noqa: B018


def test_only_the_right_password_is_verified():
    user = user_with(password="cat")
    assert user.verify_password("cat")
    assert not user.verify_password("dog")


def test_equal_passwords_have_hashes_of_their_own():
    assert user_with(password="cat").password_hash != user_with(password="cat").password_hash


def test_without_a_password_none_is_right():
    assert not user_with().verify_password("")
    assert not user_with().verify_password("cat")


def test_a_hash_of_older_make_is_renewed_when_the_password_is_right(outdated_hash):
    user = user_with(password_hash=outdated_hash)
    assert user.verify_password("cat")
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert user.verify_password("cat")


def test_a_hash_of_older_make_stays_when_the_password_is_wrong(outdated_hash):
    user = user_with(password_hash=outdated_hash)
    assert not user.verify_password("dog")
    assert user.password_hash == outdated_hash


def test_a_hash_of_today_stays_as_it_is():
    user = user_with(password="cat")
    before = user.password_hash
    assert user.verify_password("cat")
    assert user.password_hash == before


def test_a_new_password_ends_all_sessions(ann, bob):
    ann.start_session()
    ann.start_session()
    bob.start_session()
    ann.replace_password("dog")
    db.session.commit()
    assert ann.verify_password("dog")
    assert not ann.verify_password("cat")
    assert [session.user for session in UserSession.query] == [bob]


def test_a_new_password_can_leave_the_session_in_hand(ann):
    ann.start_session()
    here = ann.start_session()
    ann.replace_password("dog", keep=here)
    db.session.commit()
    assert UserSession.query.all() == [here]
