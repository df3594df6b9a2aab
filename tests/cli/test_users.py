"""`flask users`: what an operator may have to do to accounts by hand."""

import re

import pytest

from app import create_app
from app.extensions import db
from app.models import Role, User, UserSession
from config import TestingConfig
from tests.operations.site import free_port

COMMANDS = ["create", "role", "confirm", "link"]


@pytest.fixture
def flask(app):
    """Run a command: `flask("users", "confirm", "ann@example.com")`."""
    runner = app.test_cli_runner()

    def run(*arguments, **options):
        return runner.invoke(args=arguments, **options)

    return run


def created(username="ann"):
    return User.query.filter_by(username=username).one()


def assert_refused(result, *words, status):
    """Hold that the command ended with this status and one clear sentence, without a trace."""
    assert result.exit_code == status
    assert isinstance(result.exception, SystemExit)
    assert "Error: " in result.stderr
    for word in words:
        assert word in result.stderr


# --- Creating ------------------------------------------------------------------------------


def test_an_account_is_created_confirmed_and_with_the_default_role(flask, outbox):
    result = flask("users", "create", "Ann@Example.com", "ann", "--password", "cat")
    assert result.exit_code == 0
    assert result.output == "Created ann, with the role User.\n"
    user = created()
    assert (user.email, user.confirmed, user.role.name) == ("ann@example.com", True, "User")
    assert user.verify_password("cat")
    assert user.is_following(user)
    assert outbox == []


@pytest.mark.parametrize("role", ["Moderator", "moderator", "MODERATOR"])
def test_an_account_can_be_created_with_a_role(flask, role):
    result = flask("users", "create", "a@example.com", "ann", "--password", "cat", "--role", role)
    assert result.output == "Created ann, with the role Moderator.\n"
    assert created().role.name == "Moderator"


def test_an_account_can_be_created_unconfirmed_and_gets_the_mail(flask, outbox):
    result = flask("users", "create", "a@example.com", "ann", "--password", "cat", "--unconfirmed")
    assert result.exit_code == 0
    assert created().confirmed is False
    assert [mail.subject for mail in outbox] == ["[Flasky] Confirm Your Account"]


def test_the_administrator_s_address_brings_the_role_unless_another_is_given(app, flask):
    app.config["FLASKY_ADMIN"] = "Boss@example.com"
    flask("users", "create", "boss@example.com", "boss", "--password", "cat")
    assert created("boss").is_administrator()


def test_the_password_is_asked_for_twice_and_not_shown(flask):
    result = flask("users", "create", "a@example.com", "ann", input="cat\ncat\n")
    assert result.exit_code == 0
    assert "cat" not in result.output
    assert created().verify_password("cat")


def test_two_different_passwords_are_no_password(flask):
    result = flask("users", "create", "a@example.com", "ann", input="cat\ndog\n")
    assert result.exit_code == 1
    assert User.query.count() == 0


@pytest.mark.parametrize(
    ("email", "username"), [("ann@example.com", "new"), ("new@example.com", "ANN")]
)
def test_a_name_or_address_in_use_is_refused(flask, ann, email, username):
    result = flask("users", "create", email, username, "--password", "cat")
    assert_refused(result, "in use already", status=1)
    db.session.rollback()
    assert User.query.count() == 1


@pytest.mark.parametrize("username", ["a b", "1ann", "ann/../bob", "änn", "ann\n", "", "a" * 65])
def test_a_name_that_no_form_would_take_is_refused(flask, username):
    result = flask("users", "create", "a@example.com", username, "--password", "cat")
    assert_refused(result, "USERNAME", "letters, numbers, dots and underscores", status=2)
    assert User.query.count() == 0


@pytest.mark.parametrize("email", ["", "ann", "ann@", "@example.com", "a b@example.com",
                                   "ann@example.com\nBcc: x@example.com", "jörg@example.com",
                                   "a" * 255 + "@example.com"])  # fmt: skip
def test_an_address_that_no_form_would_take_is_refused(flask, email):
    result = flask("users", "create", email, "ann", "--password", "cat")
    assert_refused(result, "EMAIL", status=2)
    assert User.query.count() == 0


def test_the_rules_for_passwords_hold_here_too(app, flask):
    app.config.update(FLASKY_PASSWORD_MIN_LENGTH=8, FLASKY_PASSWORD_MIN_SCORE=3)
    for password, words in (
        ("cat", "at least 8"),
        ("password123", "too easy"),
        ("annabell99", "too easy"),
        ("x" * 1025, "at most 1024"),
    ):
        result = flask("users", "create", "a@example.com", "annabell", "--password", password)
        assert_refused(result, words, status=1)
    assert User.query.count() == 0


def test_an_unknown_role_is_refused_with_the_known_ones(flask):
    result = flask(
        "users", "create", "a@example.com", "ann", "--password", "cat", "--role", "Queen"
    )
    assert_refused(result, "'Queen'", "Administrator, Moderator, User", status=2)
    assert User.query.count() == 0


def test_without_roles_the_operator_is_told_how_to_make_them(flask):
    Role.query.delete()
    db.session.commit()
    result = flask("users", "create", "a@example.com", "ann", "--password", "x", "--role", "User")
    assert_refused(result, "none yet; run `flask deploy` first", status=2)
    result = flask("users", "create", "a@example.com", "ann", "--password", "cat")
    assert result.output == "Created ann, with the role None.\n"


# --- Roles ---------------------------------------------------------------------------------


def test_a_role_is_given(flask, ann):
    result = flask("users", "role", "ANN@example.com", "moderator")
    assert result.output == "ann is Moderator now.\n"
    assert created().role.name == "Moderator"


def test_somebody_without_a_role_gets_one(flask, ann):
    ann.role = None
    db.session.commit()
    assert flask("users", "role", "ann@example.com", "Administrator").exit_code == 0
    assert created().is_administrator()


def test_a_role_for_an_address_that_is_not_confirmed_says_so(flask, make_user):
    make_user("new", confirmed=False)
    result = flask("users", "role", "new@example.com", "Moderator")
    assert "not confirmed yet: flask users confirm new@example.com" in result.output


def test_the_last_administrator_keeps_the_role(flask, administrator):
    result = flask("users", "role", "adm@example.com", "User")
    assert_refused(result, "the last administrator", status=1)
    db.session.rollback()
    assert created("adm").is_administrator()
    assert flask("users", "role", "adm@example.com", "Administrator").exit_code == 0


def test_an_administrator_may_step_down_when_there_is_another(flask, administrator, make_user):
    make_user("second", role="Administrator")
    assert flask("users", "role", "adm@example.com", "User").exit_code == 0
    assert not created("adm").is_administrator()


def test_who_loses_power_has_to_sign_in_again(flask, moderator):
    db.session.add(UserSession(user=moderator, key_hash="of a browser"))
    db.session.commit()
    flask("users", "role", "mod@example.com", "Moderator")
    assert UserSession.query.count() == 1
    flask("users", "role", "mod@example.com", "User")
    assert UserSession.query.count() == 0


# --- Confirming ----------------------------------------------------------------------------


def test_an_address_is_confirmed_as_by_its_owner_s_click(app, flask, make_user, outbox):
    app.config["FLASKY_ADMIN"] = "boss@example.com"
    make_user("boss", confirmed=False)
    result = flask("users", "confirm", "Boss@example.com")
    assert result.output == "boss@example.com is confirmed.\n"
    assert created("boss").confirmed
    assert created("boss").is_administrator()
    assert [mail.subject for mail in outbox] == ["[Flasky] New User"]


def test_confirming_again_changes_nothing(flask, ann, outbox):
    assert flask("users", "confirm", "ann@example.com").output == (
        "ann@example.com was confirmed already.\n"
    )
    assert outbox == []


# --- Links ---------------------------------------------------------------------------------


def test_a_link_confirms_whoever_is_not_confirmed(flask, make_user, browser_of):
    user = make_user("new", confirmed=False)
    result = flask("users", "link", "new@example.com")
    path = re.search(r"^http://localhost:5000(/auth/confirm/\S+)$", result.output, re.M)[1]
    browser_of(user).get(path)
    assert created("new").confirmed


def test_a_link_lets_everybody_else_choose_a_new_password_once(flask, ann, client):
    result = flask("users", "link", "ann@example.com")
    path = re.search(r"^http://localhost:5000(/auth/reset/\S+)$", result.output, re.M)[1]
    for password in ("dog", "horse"):
        client.post(path, data={"password": password, "password2": password})
    assert created().verify_password("dog")


# --- What is common to all -----------------------------------------------------------------


@pytest.mark.parametrize("command", ["role", "confirm", "link"])
def test_an_unknown_address_is_refused(flask, command):
    arguments = ["nobody@example.com"] + (["User"] if command == "role" else [])
    result = flask("users", command, *arguments)
    assert_refused(result, "no account with the address nobody@example.com", status=2)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(flask, command):
    result = flask("users", command, "--help")
    assert result.exit_code == 0
    assert "EMAIL" in result.output
    assert command in flask("users", "--help").output


@pytest.mark.parametrize(
    "arguments",
    [
        ("role", "a@example.com", "User"),
        ("create", "a@example.com", "ann", "--password", "cat"),
        ("confirm", "a@example.com"),
        ("link", "a@example.com"),
    ],
)
def test_a_database_without_tables_is_told_in_plain_words(app_without_tables, arguments):
    result = app_without_tables.test_cli_runner().invoke(args=["users", *arguments])
    assert_refused(result, "The database says: ", "flask deploy", status=1)
    assert "Traceback" not in result.output


def test_a_database_that_is_away_is_not_mistaken_for_an_old_one(monkeypatch):
    url = f"postgresql+psycopg://u:hush@127.0.0.1:{free_port()}/x"
    monkeypatch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", url)
    flask = create_app("testing").test_cli_runner()
    result = flask.invoke(args=["users", "confirm", "a@example.com"])
    assert_refused(result, "cannot be reached", "See host and port in TEST_DATABASE_URL", status=1)
    assert "flask deploy" not in result.output
    assert "hush" not in result.output
