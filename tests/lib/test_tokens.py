"""Signed texts."""

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from app.lib.tokens import _serializer, digest, fingerprint, read, sign

KEYS = ["a key"]
HOUR = 3600


def test_a_token_brings_back_what_it_carries():
    claims = read(KEYS, "play", sign(KEYS, "play", {"id": 7, "name": "Ännchen"}, HOUR))
    assert claims.pop("exp")
    assert claims == {"id": 7, "name": "Ännchen"}


def test_a_token_can_stand_in_an_address_as_it_is():
    token = sign(KEYS, "play", {"text": "/?&%#+ é\n" * 50}, HOUR)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_token_ends_when_its_time_is_over():
    with time_machine.travel(1_000_000, tick=False) as clock:
        token = sign(KEYS, "play", {}, HOUR)
        clock.shift(HOUR - 1)
        assert read(KEYS, "play", token) is not None
        clock.shift(1)
        assert read(KEYS, "play", token) is None


@pytest.mark.parametrize("expires_in", [0, -1, -HOUR])
def test_a_token_without_time_is_over_at_once(expires_in):
    assert read(KEYS, "play", sign(KEYS, "play", {}, expires_in)) is None


def test_a_token_is_good_for_one_purpose():
    assert read(KEYS, "work", sign(KEYS, "play", {}, HOUR)) is None


def test_a_token_of_somebody_else_is_refused():
    assert read(KEYS, "play", sign(["another key"], "play", {}, HOUR)) is None


def test_claims_cannot_lengthen_the_life_of_a_token():
    assert read(KEYS, "play", sign(KEYS, "play", {"exp": 9e12}, -1)) is None


def test_an_older_key_is_accepted_while_it_is_on_the_list_and_the_newest_signs():
    old = sign(["old"], "play", {}, HOUR)
    assert read(["old", "new"], "play", old) is not None
    assert read(["new"], "play", old) is None
    assert read(["new"], "play", sign(["old", "new"], "play", {}, HOUR)) is not None


NO_TOKENS = ["", ".", "..", "a", "a.b", "a.b.c", "é", "\ud800", "\0", "\n", "." * 9999, "A" * 9999]
NO_TEXTS = [b"", b"\xff", None, 5, 0.5, True, [], {}, object()]


@pytest.mark.parametrize("token", [*NO_TOKENS, *NO_TEXTS])
def test_what_is_no_token_is_refused_without_an_error(token):
    assert read(KEYS, "play", token) is None


@settings(database=None)
@given(st.text() | st.binary())
def test_no_text_at_all_passes_for_a_token(token):
    assert read(KEYS, "play", token) is None


def test_a_token_with_one_character_changed_is_refused():
    token = sign(KEYS, "play", {"id": 7}, HOUR)
    for place, character in enumerate(token[:-1]):  # the last one holds bits that say nothing
        changed = "B" if character == "A" else "A"
        assert read(KEYS, "play", token[:place] + changed + token[place + 1 :]) is None
    assert read(KEYS, "play", token + "A") is None
    assert read(KEYS, "play", token[:-2]) is None


@pytest.mark.parametrize("content", [[], "text", None, 5, {}, {"exp": "soon"}, {"exp": None}])
def test_what_our_key_signed_elsewhere_is_no_token(content):
    assert read(KEYS, "play", _serializer(tuple(KEYS), "play").dumps(content)) is None


def test_the_session_cookie_of_flask_is_no_token():
    cookie = URLSafeTimedSerializer(KEYS, salt="cookie-session").dumps({"id": 1, "exp": 9e12})
    assert read(KEYS, "play", cookie) is None


def test_a_fingerprint_changes_with_every_part_of_the_state():
    states = [
        (),
        ("a",),
        ("b",),
        ("a", "b"),
        ("b", "a"),
        ("ab",),
        ("a", True),
        ("a", None),
        (None,),
    ]
    assert len({fingerprint(*state) for state in states}) == len(states)
    assert fingerprint("a", True) == fingerprint("a", True)


def test_a_fingerprint_does_not_show_what_it_was_made_of():
    assert "ann@example.com" not in fingerprint("ann@example.com")


def test_a_digest_is_64_digits_that_fit_their_column():
    assert len(digest("secret")) == 64
    assert digest("secret") == digest("secret") != digest("Secret")


def test_who_changes_the_claims_changes_nothing_for_others():
    token = sign(KEYS, "id", {"id": 1}, 60)
    read(KEYS, "id", token)["id"] = 2
    assert read(KEYS, "id", token)["id"] == 1
