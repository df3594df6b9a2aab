"""Links and API tokens: each opens what it was made for, and nothing else."""

import hashlib
import inspect
import time

import pytest
import time_machine
from itsdangerous import URLSafeSerializer

from app.extensions import db
from app.lib import tokens
from app.models import User, UserSession

HOUR = 3600
KINDS = ("confirm", "reset", "change_email", "id")
MALFORMED = ["", ".", "a", "a.b.c", "é", "\ud800", "\0", "x" * 5000, b"", b"\xff", None, 5, [], {}]


def make(kind, user, expiration=HOUR):
    """Return a token of this kind for `user`."""
    if kind == "confirm":
        return user.generate_confirmation_token(expiration)
    if kind == "reset":
        return user.generate_reset_token(expiration)
    if kind == "change_email":
        return user.generate_email_change_token("new@example.com", expiration)
    return user.generate_auth_token(expiration)


def accepts(kind, user, token):
    """Hand `token` to the checker of this kind, on behalf of `user` where it asks for one."""
    if kind == "confirm":
        return user.confirm(token)
    if kind == "reset":
        return User.reset_password(token, "dog")
    if kind == "change_email":
        return user.change_email(token)
    return User.verify_auth_token(token) is not None


def claims_of(token):
    """Read the payload as anybody can, for it is signed and not secret."""
    return URLSafeSerializer("whatever").loads_unsafe(token)[1]


@pytest.fixture
def newcomer(make_user):
    return make_user("newcomer", confirmed=False)


@pytest.fixture
def unchanged(newcomer):
    """Hold that the test changes nothing about the user."""

    def state():
        return newcomer.email, newcomer.confirmed, newcomer.password_hash, newcomer.avatar_hash

    before = state()
    yield newcomer
    assert state() == before


# --- Which opens what ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("checker", KINDS)
def test_a_token_is_good_for_its_own_purpose_only(newcomer, kind, checker):
    assert accepts(checker, newcomer, make(kind, newcomer)) is (kind == checker)


@pytest.mark.parametrize("checker", KINDS)
@pytest.mark.parametrize("token", MALFORMED)
def test_what_is_no_token_is_refused_without_an_error(unchanged, checker, token):
    assert accepts(checker, unchanged, token) is False


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("checker", KINDS)
def test_a_token_with_a_changed_signature_is_refused(unchanged, kind, checker):
    token = make(kind, unchanged)
    for spoiled in (token[:-5] + "AAAAA", token + "A", token[1:], token.upper(), token[::-1]):
        assert accepts(checker, unchanged, spoiled) is False


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("checker", KINDS)
def test_an_expired_token_is_refused(unchanged, kind, checker):
    with time_machine.travel(time.time(), tick=False) as clock:
        token = make(kind, unchanged, 10)
        clock.shift(10)
        assert accepts(checker, unchanged, token) is False


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("checker", KINDS)
def test_a_token_of_another_site_is_refused(unchanged, app, kind, checker):
    key = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "the key of another site"
    token = make(kind, unchanged)
    app.config["SECRET_KEY"] = key
    assert accepts(checker, unchanged, token) is False


@pytest.mark.parametrize("checker", KINDS)
@pytest.mark.parametrize("whom", [None, 0, -1, 2**31 - 1, "1", 1.5, [], {}, True])
def test_a_token_that_names_nobody_is_refused(unchanged, app, checker, whom):
    token = tokens.sign([app.config["SECRET_KEY"]], checker, {checker: whom, "state": "x"}, HOUR)
    assert accepts(checker, unchanged, token) is False


@pytest.mark.parametrize("checker", KINDS)
def test_a_token_without_claims_is_refused_even_by_somebody_without_an_id(app, checker):
    token = tokens.sign([app.config["SECRET_KEY"]], checker, {}, HOUR)
    assert accepts(checker, User(), token) is False


@pytest.mark.parametrize("kind", ["confirm", "change_email"])
def test_the_token_of_another_user_is_refused(unchanged, bob, kind):
    assert accepts(kind, unchanged, make(kind, bob)) is False


@pytest.mark.parametrize("kind", ["reset", "id"])
def test_the_token_of_a_user_who_is_gone_is_refused(newcomer, kind):
    token = make(kind, newcomer)
    db.session.delete(newcomer)
    db.session.commit()
    assert accepts(kind, None, token) is False


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_of_the_last_key_is_accepted_while_a_new_one_takes_over(newcomer, app, kind):
    token = make(kind, newcomer)
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "the new key"
    assert accepts(kind, newcomer, token) is True


# --- How long, and what is inside ----------------------------------------------------------


@pytest.mark.parametrize(
    "generate",
    ["generate_confirmation_token", "generate_reset_token", "generate_email_change_token"],
)
def test_links_last_an_hour_unless_told_otherwise(newcomer, generate):
    arguments = ["new@example.com"] if "email" in generate else []
    with time_machine.travel(1_000_000, tick=False):
        assert claims_of(getattr(newcomer, generate)(*arguments))["exp"] == 1_000_000 + HOUR
        assert claims_of(getattr(newcomer, generate)(*arguments, expiration=5))["exp"] == 1_000_005


def test_an_auth_token_has_to_be_given_an_end():
    parameter = inspect.signature(User.generate_auth_token).parameters["expiration"]
    assert parameter.default is inspect.Parameter.empty


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_is_text(newcomer, kind):
    assert isinstance(make(kind, newcomer), str)


@pytest.mark.parametrize(
    ("kind", "claims"),
    [
        ("confirm", {"confirm": "ID"}),
        ("reset", {"reset": "ID"}),
        ("change_email", {"change_email": "ID", "new_email": "new@example.com"}),
        ("id", {"id": "ID"}),
    ],
)
def test_a_token_carries_the_claims_of_the_contract(newcomer, kind, claims):
    found = claims_of(make(kind, newcomer))
    assert {key: found[key] for key in claims} == {
        key: newcomer.id if value == "ID" else value for key, value in claims.items()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_shows_neither_hash_nor_address(newcomer, kind):
    shown = str(claims_of(make(kind, newcomer)))
    assert newcomer.password_hash not in shown
    assert newcomer.email not in shown


@pytest.mark.parametrize("kind", ["confirm", "reset", "change_email"])
def test_checkers_do_not_commit(newcomer, kind):
    before = newcomer.confirmed, newcomer.password_hash, newcomer.email
    assert accepts(kind, newcomer, make(kind, newcomer))
    assert (newcomer.confirmed, newcomer.password_hash, newcomer.email) != before
    db.session.rollback()
    assert (newcomer.confirmed, newcomer.password_hash, newcomer.email) == before


# --- Confirming ----------------------------------------------------------------------------


def test_a_confirmation_confirms(newcomer):
    assert newcomer.confirm(newcomer.generate_confirmation_token()) is True
    assert newcomer.confirmed is True


def test_a_confirmation_works_once(newcomer):
    token = newcomer.generate_confirmation_token()
    newcomer.confirm(token)
    db.session.commit()
    assert newcomer.confirm(token) is False


def test_a_confirmation_is_tied_to_the_address_it_was_mailed_to(newcomer):
    token = newcomer.generate_confirmation_token()
    newcomer.move_to("another@example.com")
    assert newcomer.confirm(token) is False
    assert not newcomer.confirmed


def test_a_confirmation_makes_the_administrator(app, newcomer):
    app.config["FLASKY_ADMIN"] = newcomer.email.upper()
    newcomer.confirm(newcomer.generate_confirmation_token())
    assert newcomer.is_administrator()


def test_an_address_that_was_merely_moved_to_makes_no_administrator(app, newcomer, ann):
    app.config["FLASKY_ADMIN"] = "new@example.com"
    assert newcomer.change_email(newcomer.generate_email_change_token("new@example.com"))
    assert not newcomer.is_administrator()


# --- Resetting -----------------------------------------------------------------------------


def test_a_reset_sets_the_password(ann):
    assert User.reset_password(ann.generate_reset_token(), "dog") is True
    assert ann.verify_password("dog")
    assert not ann.verify_password("cat")


def test_a_reset_works_once(ann):
    token = ann.generate_reset_token()
    User.reset_password(token, "dog")
    db.session.commit()
    assert User.reset_password(token, "horse") is False
    assert ann.verify_password("dog")


@pytest.mark.parametrize("password", ["cat", "dog"])
def test_a_reset_ends_with_the_password_it_was_made_for(ann, password):
    """Also if the new password is the old one: the hash is another."""
    token = ann.generate_reset_token()
    ann.password = password
    assert User.reset_password(token, "horse") is False


def test_all_resets_end_with_the_first_that_is_used(ann):
    older, newer = ann.generate_reset_token(1000), ann.generate_reset_token(2000)
    assert User.reset_password(newer, "dog")
    assert not User.reset_password(older, "horse")


def test_a_reset_ends_with_the_address_it_was_mailed_to(ann):
    token = ann.generate_reset_token()
    ann.move_to("another@example.com")
    assert User.reset_password(token, "dog") is False


def test_a_reset_ends_sessions_and_api_tokens(ann):
    api_token, link = ann.generate_auth_token(HOUR), ann.generate_reset_token()
    ann.start_session()
    User.reset_password(link, "dog")
    db.session.commit()
    assert UserSession.query.count() == 0
    assert User.verify_auth_token(api_token) is None


def test_a_reset_works_for_somebody_who_never_had_a_password(app):
    user = User(email="new@example.com")
    db.session.add(user)
    db.session.commit()
    assert User.reset_password(user.generate_reset_token(), "dog")
    assert user.verify_password("dog")


# --- Changing the address ------------------------------------------------------------------


def test_a_change_of_address_renews_the_avatar_hash(ann):
    assert ann.change_email(ann.generate_email_change_token("New@Example.org")) is True
    assert ann.email == "new@example.org"
    assert ann.avatar_hash == hashlib.md5(b"new@example.org").hexdigest()


def test_a_change_of_address_works_once(ann):
    token = ann.generate_email_change_token("new@example.org")
    ann.change_email(token)
    db.session.commit()
    assert ann.change_email(token) is False


@pytest.mark.parametrize("wanted", ["bob@example.com", "BOB@Example.com"])
def test_a_taken_address_is_refused(ann, bob, wanted):
    assert ann.change_email(ann.generate_email_change_token(wanted)) is False
    assert ann.email == "ann@example.com"


def test_an_address_that_was_taken_in_the_meantime_is_refused(ann, make_user):
    token = ann.generate_email_change_token("new@example.com")
    make_user("quicker", email="new@example.com")
    assert ann.change_email(token) is False


@pytest.mark.parametrize("missing", [None, "", 5, [], {}])
def test_a_missing_address_is_refused(ann, missing):
    assert ann.change_email(ann.generate_email_change_token(missing)) is False
    assert ann.email == "ann@example.com"


def test_a_change_of_address_ends_with_the_password(ann):
    token = ann.generate_email_change_token("new@example.com")
    ann.password = "dog"
    assert ann.change_email(token) is False


# --- The API -------------------------------------------------------------------------------


def test_an_auth_token_names_its_user(ann, bob):
    assert User.verify_auth_token(ann.generate_auth_token(HOUR)) is ann
    assert User.verify_auth_token(bob.generate_auth_token(expiration=HOUR)) is bob


def test_an_auth_token_can_be_used_again(ann):
    token = ann.generate_auth_token(HOUR)
    assert User.verify_auth_token(token) is ann
    assert User.verify_auth_token(token) is ann


def test_an_auth_token_ends_with_the_password(ann):
    token = ann.generate_auth_token(HOUR)
    ann.replace_password("dog")
    assert User.verify_auth_token(token) is None


@pytest.mark.parametrize("token", MALFORMED)
def test_what_is_no_auth_token_names_nobody(app, token):
    assert User.verify_auth_token(token) is None
