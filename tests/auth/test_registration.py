"""Opening an account and confirming its address (contract C, auth; F; K6, K7, K17, K19)."""

import pytest
import time_machine

from app.extensions import db
from app.models import Role, User, registration
from tests.web.page import Page

FORM = {"email": "new@example.com", "username": "new", "password": "cat", "password2": "cat"}


def user_called(name) -> User | None:
    return db.session.query(User).filter_by(username=name).one_or_none()


def test_the_page_names_its_fields(client):
    page = Page.of(client.get("/auth/register"))
    assert (page.title, page.heading) == ("Flasky - Register", "Register")
    assert page.texts("label") == ["Email", "Username", "Password", "Confirm password"]
    assert page.first("input", type="submit")["value"] == "Register"


def test_registering_makes_a_user_who_is_told_to_look_into_their_mail(client, outbox):
    response = client.post("/auth/register", data=FORM)
    assert (response.status_code, response.location) == (302, "/auth/login")
    assert Page.of(client.get("/auth/login")).flashes == [
        "A confirmation email has been sent to you by email."
    ]
    user = user_called("new")
    assert (user.email, user.confirmed, user.role.name) == ("new@example.com", False, "User")
    assert user.verify_password("cat")
    assert [(mail.subject, mail.recipients) for mail in outbox] == [
        ("[Flasky] Confirm Your Account", ["new@example.com"])
    ]


def test_the_address_is_kept_in_lower_case(client):
    client.post("/auth/register", data={**FORM, "email": "New.Person@EXAMPLE.com"})
    assert user_called("new").email == "new.person@example.com"


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"email": ""}, "email", "This field is required."),
        ({"email": "a@b"}, "email", "Invalid email address."),
        ({"email": "a@example.com\nBcc: b@example.com"}, "email", "Invalid email address."),
        (
            {"email": "a" * 64 + "@" + "b" * 186 + ".com"},
            "email",
            "Field must be between 1 and 254 characters long.",
        ),
        ({"username": ""}, "username", "This field is required."),
        ({"username": "a" * 65}, "username", "Field must be between 1 and 64 characters long."),
        ({"username": "ann"}, "username", "Username already in use."),
        ({"username": "ANN"}, "username", "Username already in use."),
        ({"password": ""}, "password", "This field is required."),
        ({"password2": ""}, "password2", "This field is required."),
        ({"password2": "dog"}, "password", "Passwords must match."),
        (
            {"username": "admin"},
            "username",
            "This username is reserved. Please choose another one.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_the_field(client, ann, outbox, fields, field, message):
    response = client.post("/auth/register", data={**FORM, **fields})
    assert response.status_code == 200
    assert message in Page.of(response).errors(field)
    assert db.session.query(User).count() == 1
    assert outbox == []


@pytest.mark.parametrize(
    "name",
    [
        "1st",
        "_x",
        ".x",
        "a b",
        "a-b",
        "a@b",
        "ä",
        "\u0430dmin",
        "ann\n",
        "ann\u202e",
        "\uff41nn",
        "a/b",
    ],
)
def test_names_have_letters_numbers_dots_and_underscores_only(client, name):
    response = client.post("/auth/register", data={**FORM, "username": name})
    message = "Usernames must have only letters, numbers, dots or underscores"
    assert message in Page.of(response).errors("username")


@pytest.mark.parametrize("name", ["x", "John.Smith_2", "a" * 64])
def test_other_names_are_free_to_choose(client, name):
    assert client.post("/auth/register", data={**FORM, "username": name}).status_code == 302
    assert user_called(name)


def test_a_failed_form_keeps_what_was_typed_but_no_password(client):
    data = {**FORM, "email": "new@example", "username": "new person", "password": "my secret"}
    page = Page.of(client.post("/auth/register", data=data))
    assert page.first("input", name="email")["value"] == "new@example"
    assert page.first("input", name="username")["value"] == "new person"
    assert not page.first("input", name="password").get("value")
    assert not page.first("input", name="password2").get("value")


def test_a_weak_password_is_refused_with_a_reason(app, client):
    app.config.update(FLASKY_PASSWORD_MIN_LENGTH=8, FLASKY_PASSWORD_MIN_SCORE=3)
    for password, words in (
        ("short", "Please use at least 8 characters."),
        ("password123", "too easy to guess"),
        ("new@example.com", "too easy to guess"),
        ("x" * 1025, "Please use at most 1024 bytes."),
    ):
        data = {**FORM, "password": password, "password2": password}
        page = Page.of(client.post("/auth/register", data=data))
        assert words in page.errors("password")[0]
    assert user_called("new") is None


def test_the_administrators_address_brings_no_power_before_it_is_confirmed(
    app, client, link_in, browser_of
):
    app.config["FLASKY_ADMIN"] = "New@Example.com"
    client.post("/auth/register", data=FORM)
    assert user_called("new").role.name == "User"
    browser_of(user_called("new")).get(link_in("[Flasky] Confirm Your Account"))
    assert user_called("new").role.name == "Administrator"


def test_the_page_is_open_to_those_who_are_signed_in(browser_of, ann):
    assert browser_of(ann).get("/auth/register").status_code == 200


# --- Confirming -------------------------------------------------------------------------------


def test_the_link_in_the_mail_confirms_the_account(client, outbox, link_in):
    client.post("/auth/register", data=FORM)
    client.post("/auth/login", data={"email": "new@example.com", "password": "cat"})
    response = client.get(link_in("[Flasky] Confirm Your Account"))
    assert (response.status_code, response.location) == (302, "/")
    assert Page.of(client.get("/")).flashes[-1] == "You have confirmed your account. Thanks!"
    assert user_called("new").confirmed


def test_a_stranger_who_follows_the_link_logs_in_and_is_brought_back_to_it(client, link_in):
    client.post("/auth/register", data=FORM)
    link = link_in("[Flasky] Confirm Your Account")
    log_in = client.get(link)
    form = {"email": "new@example.com", "password": "cat"}
    assert client.post(log_in.location, data=form).location == link


def test_confirming_renews_the_key_of_the_session(browser_of, newcomer):
    browser = browser_of(newcomer)
    before = browser.get_cookie("session").value
    copy = browser.application.test_client()
    copy.set_cookie("session", before)
    browser.get(f"/auth/confirm/{newcomer.generate_confirmation_token()}")
    assert Page.of(browser.get("/")).heading == "Hello, newcomer!"
    assert Page.of(copy.get("/")).heading == "Hello, Stranger!"


def test_the_administrator_hears_of_a_confirmed_user_and_not_before(app, client, outbox, link_in):
    app.config["FLASKY_ADMIN"] = "boss@example.com"
    client.post("/auth/register", data=FORM)
    assert "[Flasky] New User" not in [mail.subject for mail in outbox]
    client.log_in(user_called("new"))
    client.get(link_in("[Flasky] Confirm Your Account"))
    (mail,) = [mail for mail in outbox if mail.subject == "[Flasky] New User"]
    assert mail.recipients == ["boss@example.com"]
    assert "http://localhost:5000/user/new" in mail.body


def test_a_link_opened_again_leads_home_without_a_word(browser_of, ann):
    browser = browser_of(ann)
    assert browser.get(f"/auth/confirm/{ann.generate_confirmation_token()}").location == "/"
    assert Page.of(browser.get("/")).flashes == []


@pytest.mark.parametrize("token", ["x", "x.y", "%ED%A0%80", "a" * 3000, "null", "e30.e30"])
def test_a_link_that_was_made_up_confirms_nothing(browser_of, newcomer, token):
    browser = browser_of(newcomer)
    assert browser.get(f"/auth/confirm/{token}").location == "/"
    page = Page.of(browser.get("/auth/unconfirmed"))
    assert page.flashes == ["The confirmation link is invalid or has expired."]
    assert not newcomer.confirmed


def test_a_link_for_somebody_else_or_for_another_purpose_confirms_nobody(
    browser_of, newcomer, make_user
):
    other = make_user(confirmed=False)
    browser = browser_of(newcomer)
    for token in (
        other.generate_confirmation_token(),
        newcomer.generate_reset_token(),
        newcomer.generate_auth_token(3600),
        newcomer.generate_email_change_token("x@example.com"),
    ):
        browser.get(f"/auth/confirm/{token}")
    assert not db.session.get(User, newcomer.id).confirmed
    assert not db.session.get(User, other.id).confirmed


def test_a_link_to_an_address_that_was_left_confirms_nobody(browser_of, newcomer):
    token = newcomer.generate_confirmation_token()
    newcomer.email = "moved@example.com"
    browser_of(newcomer).get(f"/auth/confirm/{token}")
    assert not db.session.get(User, newcomer.id).confirmed


def test_a_link_ends_after_an_hour(browser_of, newcomer):
    with time_machine.travel("2030-01-01", tick=False) as clock:
        token = newcomer.generate_confirmation_token()
        browser = browser_of(newcomer)
        clock.shift(3601)
        browser.get(f"/auth/confirm/{token}")
    assert not db.session.get(User, newcomer.id).confirmed


# --- Not confirmed yet ------------------------------------------------------------------------


def test_the_unconfirmed_are_told_what_is_missing(browser_of, newcomer):
    browser = browser_of(newcomer)
    assert browser.get("/").location == "/auth/unconfirmed"
    page = Page.of(browser.get("/auth/unconfirmed"))
    assert (page.title, page.heading) == ("Flasky - Confirm your account", "Hello, newcomer!")
    assert "You have not confirmed your account yet." in page.texts("h3")
    assert "Click here" in page.buttons


def test_the_page_for_the_unconfirmed_is_for_nobody_else(client, browser_of, ann):
    assert client.get("/auth/unconfirmed").location == "/"
    assert browser_of(ann).get("/auth/unconfirmed").location == "/"


def test_an_address_that_does_not_exist_is_not_found_for_the_unconfirmed_too(browser_of, newcomer):
    assert browser_of(newcomer).get("/nowhere").status_code == 404


def test_another_mail_is_sent_on_request(browser_of, newcomer, outbox, link_in):
    browser = browser_of(newcomer)
    response = browser.post("/auth/confirm")
    assert (response.status_code, response.location) == (302, "/")
    assert Page.of(browser.get("/auth/unconfirmed")).flashes == [
        "A new confirmation email has been sent to you by email."
    ]
    browser.get(link_in("[Flasky] Confirm Your Account"))
    assert db.session.get(User, newcomer.id).confirmed


def test_who_is_confirmed_gets_no_other_mail(browser_of, ann, outbox):
    assert browser_of(ann).post("/auth/confirm").location == "/"
    assert outbox == []


def test_without_a_role_in_the_database_one_can_register_all_the_same(client):
    db.session.query(User).delete()
    db.session.query(Role).delete()
    db.session.commit()
    assert client.post("/auth/register", data=FORM).status_code == 302
    assert user_called("new").role is None


def test_a_name_that_somebody_takes_at_the_same_moment_is_said_at_the_field(
    client, ann, monkeypatch
):
    """The check of the form looks a moment too early; the constraint of the database speaks."""
    monkeypatch.setattr("app.web.forms.is_username_taken", lambda *_args, **_kwargs: False)
    response = client.post("/auth/register", data={**FORM, "username": "Ann"})
    assert response.status_code == 200
    page = Page.of(response)
    assert page.errors("username") == ["Username already in use."]
    assert page.first("input", name="email")["value"] == FORM["email"]
    assert db.session.query(User).count() == 1


def test_an_address_that_somebody_takes_at_the_same_moment_gives_nothing_away(
    client, ann, monkeypatch, outbox
):
    answers = iter([None])  # nobody has it yet, says the first look
    look = registration._owner_of
    monkeypatch.setattr(registration, "_owner_of", lambda email: next(answers, look(email)))
    response = client.post("/auth/register", data={**FORM, "email": ann.email})
    assert (response.status_code, response.location) == (302, "/auth/login")
    assert [mail.subject for mail in outbox] == ["[Flasky] You Have an Account"]
    assert db.session.query(User).count() == 1
