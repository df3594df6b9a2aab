"""Hashing passwords, and telling which are too weak.

argon2id with 19 MiB, two passes and one lane is the first choice of OWASP's password storage
guide; it costs about 18 ms of one core.
"""

import re
from functools import cache
from importlib import import_module

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 1024  # bytes; longer texts are refused before any hashing
_ZXCVBN_LONGEST = 72  # zxcvbn refuses longer texts; what follows can only add strength

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def _as_sent(password: str) -> bytes:
    # A lone surrogate is no text, but it must not become an error on the way to a refusal.
    return password.encode("utf-8", "surrogatepass")


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`, byte for byte as it was sent."""
    return _hasher.hash(_as_sent(password))


@cache
def _hash_of_nobody() -> str:
    return hash_password("the password of an account that does not exist")


def verify(password_hash: str | None, password: str) -> bool:
    """Tell whether `password` belongs to `password_hash`.

    Without a hash the same work is done in vain, so that the time does not tell whether an
    account exists.
    """
    if len(_as_sent(password)) > LONGEST:
        return False
    try:
        _hasher.verify(password_hash or _hash_of_nobody(), _as_sent(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Tell whether `password_hash` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _common() -> frozenset[str]:
    lists = import_module("zxcvbn.frequency_lists")
    return frozenset(lists.FREQUENCY_LISTS["passwords"])


def weakness(
    password: str, *, min_length: int, min_score: int, context: tuple[str, ...] = ()
) -> str | None:
    """Say what is wrong with `password`, or return None if it may be used.

    `context` holds words that an attacker would try first: the user's name and address.
    `min_score` is a score of zxcvbn, 0 to 4; with 0 only the length counts.
    """
    if len(password) < min_length:
        return f"Please use at least {min_length} characters."
    if len(_as_sent(password)) > LONGEST:
        return f"Please use at most {LONGEST} bytes."
    if min_score == 0:
        return None
    words = {word.lower() for text in (*context, "flasky") for word in (text, text.split("@")[0])}
    bare = re.sub(r"[\W\d_]+$", "", password.lower())
    if password.lower() in _common() or bare in _common() or _is_repeated(bare, words):
        return "This password is too easy to guess: it is a common one, or made of your name."
    # Loaded when somebody chooses a password: its lists of words take 12 MB.
    zxcvbn = import_module("zxcvbn")
    result = zxcvbn.zxcvbn(password[:_ZXCVBN_LONGEST], user_inputs=sorted(words))
    if result["score"] < min_score:
        advice = result["feedback"]["warning"] or "Three or four unrelated words are a good start."
        return f"This password is too easy to guess. {advice}"
    return None


def _is_repeated(text: str, words: set[str]) -> bool:
    return any(word and text.replace(word, "") == "" for word in words)
