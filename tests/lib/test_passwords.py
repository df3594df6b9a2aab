"""Hashing passwords, and telling which are too weak."""

import random
import re

import pytest
from argon2 import PasswordHasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.lib import passwords
from app.lib.passwords import hash_password, needs_rehash, verify, weakness

STRONG = "wry otter paints seven lanterns"


class NeverHashes:
    """In place of the hasher where no hashing may happen."""

    def __getattr__(self, name):
        raise AssertionError(f"{name} was called")


@pytest.fixture(autouse=True)
def quick_passwords():
    """The hashes of these tests are the real ones."""
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture(scope="module")
def hashed():
    return hash_password("cat")


def judge(password, *context, min_length=8, min_score=3):
    return weakness(password, min_length=min_length, min_score=min_score, context=context)


# --- Hashes --------------------------------------------------------------------------------


def test_hashes_are_argon2id_at_least_as_costly_as_owasp_asks(hashed):
    memory, time, lanes = map(
        int, re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", hashed).groups()
    )
    assert memory >= 19456
    assert time >= 2
    assert lanes == 1


def test_hashes_fit_their_column(hashed):
    assert len(hashed) <= 256
    assert len(hash_password("x" * passwords.LONGEST)) == len(hashed)


def test_two_hashes_of_one_password_differ(hashed):
    assert hash_password("cat") != hashed


def test_the_right_password_is_accepted_and_another_is_not(hashed):
    assert verify(hashed, "cat")
    assert not verify(hashed, "dog")
    assert not verify(hashed, "")


def test_passwords_are_taken_as_they_were_sent(hashed):
    """No trimming, no change of case, no normal form of Unicode."""
    for other in ("Cat", " cat", "cat ", "cat\n"):
        assert not verify(hashed, other)
    assert not verify(hash_password("caf\u00e9"), "cafe\u0301")


@pytest.mark.parametrize("password", ["", "pässwörd 🔑", "\ud800", "a\0b", "x" * 1024])
def test_any_text_can_be_hashed_and_verified(password):
    assert verify(hash_password(password), password)


def test_what_follows_a_nul_counts():
    assert not verify(hash_password("a\0b"), "a\0c")


def test_two_long_passwords_that_differ_at_the_end_are_two_passwords():
    assert not verify(hash_password("x" * 127 + "a"), "x" * 127 + "b")


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$", "scrypt:32768:8:1$salt$00", "$" * 9])
def test_what_is_no_hash_of_ours_accepts_no_password(stored):
    assert not verify(stored, "cat")
    assert not verify(stored, stored)


def test_where_there_is_no_hash_the_work_is_done_all_the_same(monkeypatch):
    """Else the time would tell which accounts exist."""
    done = []
    hasher = passwords._hasher

    class Spy:
        def hash(self, password):
            return hasher.hash(password)

        def verify(self, password_hash, password):
            done.append(password_hash)
            return hasher.verify(password_hash, password)

    monkeypatch.setattr(passwords, "_hasher", Spy())
    assert not verify(None, "cat")
    assert done[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_password_of_nobody_opens_nothing():
    assert not verify(None, "the password of an account that does not exist")


def test_a_megabyte_is_refused_before_any_hashing(hashed, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", NeverHashes())
    assert not verify(hashed, "x" * 1_000_000)
    assert not verify(None, "x" * 1_000_000)
    assert "at most 1024 bytes" in judge("x" * 1_000_000)


def test_a_limit_in_bytes_counts_bytes(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", NeverHashes())
    assert "at most 1024 bytes" in judge("é" * 513)


def test_a_hash_is_outdated_when_the_parameters_have_changed(hashed):
    assert not needs_rehash(hashed)
    for change in ({"memory_cost": 8192}, {"time_cost": 1}, {"parallelism": 2}):
        parameters = {"time_cost": 2, "memory_cost": 19456, "parallelism": 1, **change}
        assert needs_rehash(PasswordHasher(**parameters).hash("cat"))


# --- Strength ------------------------------------------------------------------------------


def test_a_few_unrelated_words_are_fine():
    assert judge(STRONG, "ann", "ann@example.com") is None


def test_there_are_no_rules_about_which_characters_a_password_needs():
    assert judge("qzvwkxjpthm") is None


@pytest.mark.parametrize("length", [7, 8])
def test_length_is_counted_in_characters(length):
    problem = judge("ö2Ж!q9ñ¿"[:length], min_score=0)
    assert problem == ("Please use at least 8 characters." if length < 8 else None)


def test_the_shortest_length_is_a_setting():
    assert judge("q", min_length=1, min_score=0) is None
    assert judge("", min_length=1, min_score=0) == "Please use at least 1 characters."
    assert judge("qzvwkxjpthm", min_length=12) == "Please use at least 12 characters."


def test_where_no_score_is_asked_for_only_the_length_counts():
    assert judge("password", min_score=0) is None
    assert "at most" in judge("x" * 1025, min_score=0)


def test_common_passwords_are_refused_each_and_every_one():
    """500 of the list, and each with a few digits or signs at its end."""
    common = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8]
    sample = random.Random(500).sample(common, 500)
    for word in sample:
        assert judge(word) is not None, word
        assert judge(word.upper()) is not None, word
    for word in [word for word in sample if word.isalpha()][:100]:
        assert judge(f"{word}2026!!") is not None, word


@pytest.mark.parametrize(
    "password",
    ["flasky2026!!", "Flasky!!", "flaskyflasky", "annabell", "annabellannabell", "Annabell_1",
     "annabell99!", "wonderland.fan", "wonderland.fan1"],
)  # fmt: skip
def test_what_is_made_of_the_site_and_the_person_is_refused(password):
    assert judge(password, "annabell", "wonderland.fan@example.com") is not None


def test_an_address_without_a_local_part_is_no_trouble():
    assert judge(STRONG, "", "@example.com") is None


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "abcdefghijkl", "qwertyuiop[]", "20261121"])
def test_patterns_are_refused(password):
    assert "too easy to guess" in judge(password)


@pytest.mark.parametrize("length", [71, 72, 73, 128, 1024])
def test_long_passwords_are_welcome(length):
    """zxcvbn itself refuses more than 72 characters."""
    text = (STRONG * 40)[:length]
    assert judge(text) is None


def test_length_alone_does_not_make_a_password_strong():
    assert judge("a" * 200) is not None


@pytest.mark.parametrize("password", ["\ud800" * 10, "\0" * 10, "🔑" * 10, "\u202e" * 10])
def test_odd_characters_are_judged_without_an_error(password):
    judge(password, "ann", "ann@example.com")
