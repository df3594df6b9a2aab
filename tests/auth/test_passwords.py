"""Changing a password and replacing a forgotten one (contract C, auth; K4, K7)."""

import pytest
import time_machine

from app.extensions import db
from app.models import User
from tests.web.page import Page

CHANGE = {"old_password": "cat", "password": "dog", "password2": "dog"}
NEW = {"password": "dog", "password2": "dog"}


def test_the_page_names_its_fields(browser_of, ann):
    page = Page.of(browser_of(ann).get("/auth/change-password"))
    assert (page.title, page.heading) == ("Flasky - Change Password", "Change Your Password")
    assert page.texts("label") == ["Old password", "New password", "Confirm new password"]
    assert "Update Password" in page.buttons


def test_the_password_is_changed_and_its_owner_told(browser_of, client, ann, outbox):
    browser = browser_of(ann)
    response = browser.post("/auth/change-password", data=CHANGE)
    assert (response.status_code, response.location) == (302, "/")
    page = Page.of(browser.get("/"))
    assert page.flashes == ["Your password has been updated."]
    assert page.heading == "Hello, ann!"
    assert client.log_in(ann).status_code == 200
    assert client.log_in(ann, password="dog").status_code == 302
    assert [mail.subject for mail in outbox] == ["[Flasky] Your Password Was Changed"]


def test_the_wrong_old_password_changes_nothing(browser_of, ann, client, outbox):
    browser = browser_of(ann)
    response = browser.post("/auth/change-password", data={**CHANGE, "old_password": "bird"})
    assert response.status_code == 200
    assert Page.of(response).flashes == ["Invalid password."]
    assert client.log_in(ann).status_code == 302
    assert outbox == []


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"old_password": ""}, "old_password", "This field is required."),
        ({"password": ""}, "password", "This field is required."),
        ({"password2": ""}, "password2", "This field is required."),
        ({"password2": "bird"}, "password", "Passwords must match."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(browser_of, ann, fields, field, message):
    response = browser_of(ann).post("/auth/change-password", data={**CHANGE, **fields})
    assert response.status_code == 200
    assert message in Page.of(response).errors(field)


def test_a_new_password_must_be_hard_to_guess(app, browser_of, ann):
    app.config.update(FLASKY_PASSWORD_MIN_LENGTH=8, FLASKY_PASSWORD_MIN_SCORE=3)
    form = {"old_password": "cat", "password": "ann12345", "password2": "ann12345"}
    response = browser_of(ann).post("/auth/change-password", data=form)
    assert "too easy to guess" in Page.of(response).errors("password")[0]


# --- Forgotten --------------------------------------------------------------------------------


def test_the_request_page_asks_for_the_address(client):
    page = Page.of(client.get("/auth/reset"))
    assert (page.title, page.heading) == ("Flasky - Password Reset", "Reset Your Password")
    assert page.texts("label") == ["Email"]
    assert "Reset Password" in page.buttons


@pytest.mark.parametrize(("email", "mails"), [("ANN@example.com", 1), ("nobody@example.com", 0)])
def test_only_an_account_gets_a_mail_but_everybody_reads_that_one_was_sent(
    client, ann, outbox, email, mails
):
    response = client.post("/auth/reset", data={"email": email})
    assert (response.status_code, response.location) == (302, "/auth/login")
    assert Page.of(client.get("/auth/login")).flashes == [
        "An email with instructions to reset your password has been sent to you."
    ]
    assert [mail.recipients for mail in outbox] == [["ann@example.com"]] * mails


def test_a_request_without_an_address_is_refused(client):
    response = client.post("/auth/reset", data={"email": "x"})
    assert "Invalid email address." in Page.of(response).errors("email")


def test_the_link_in_the_mail_leads_to_a_new_password(client, ann, outbox, link_in):
    client.post("/auth/reset", data={"email": ann.email})
    link = link_in("[Flasky] Reset Your Password")
    page = Page.of(client.get(link))
    assert (page.title, page.heading) == ("Flasky - Password Reset", "Reset Your Password")
    assert page.texts("label") == ["New Password", "Confirm password"]
    assert "Reset Password" in page.buttons
    response = client.post(link, data=NEW)
    assert (response.status_code, response.location) == (302, "/auth/login")
    page = Page.of(client.get("/auth/login"))
    assert page.flashes[-1] == "Your password has been updated."
    assert page.heading == "Login"  # nobody has been signed in by it
    assert client.log_in(ann, password="dog").status_code == 302
    assert outbox[-1].subject == "[Flasky] Your Password Was Changed"


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"password": ""}, "password", "This field is required."),
        ({"password2": ""}, "password2", "This field is required."),
        ({"password2": "bird"}, "password", "Passwords must match."),
    ],
)
def test_a_bad_new_password_is_said_and_the_link_stays_good(client, ann, fields, field, message):
    link = f"/auth/reset/{ann.generate_reset_token()}"
    response = client.post(link, data={**NEW, **fields})
    assert response.status_code == 200
    assert message in Page.of(response).errors(field)
    assert client.post(link, data=NEW).location == "/auth/login"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["x", "%ED%A0%80", "a.b.c", "eyJyZXNldCI6MX0.x"])
def test_a_link_that_was_made_up_is_refused(client, ann, method, token):
    response = getattr(client, method)(f"/auth/reset/{token}", data=NEW)
    assert response.location == "/auth/reset"
    assert Page.of(client.get("/auth/reset")).flashes == [
        "The reset link is invalid or has expired."
    ]


def test_a_link_works_once(client, ann):
    link = f"/auth/reset/{ann.generate_reset_token()}"
    client.post(link, data=NEW)
    assert client.get(link).location == "/auth/reset"
    response = client.post(link, data={"password": "bird", "password2": "bird"})
    assert response.location == "/auth/reset"
    assert client.log_in(ann, password="dog").status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_ends_after_an_hour(client, ann, method):
    with time_machine.travel("2030-01-01", tick=False) as clock:
        link = f"/auth/reset/{ann.generate_reset_token()}"
        clock.shift(3599)
        assert client.get(link).status_code == 200
        clock.shift(2)
        assert getattr(client, method)(link, data=NEW).location == "/auth/reset"


def test_a_link_ends_when_the_password_or_the_address_changes(client, ann):
    links = [f"/auth/reset/{ann.generate_reset_token()}"]
    ann.password = "bird"
    db.session.commit()
    links.append(f"/auth/reset/{ann.generate_reset_token()}")
    ann.email = "other@example.com"
    db.session.commit()
    assert [client.get(link).location for link in links] == ["/auth/reset"] * 2


def test_a_link_of_somebody_who_is_gone_is_refused(client, make_user):
    user = make_user()
    link = f"/auth/reset/{user.generate_reset_token()}"
    db.session.delete(user)
    assert client.get(link).location == "/auth/reset"


def test_who_is_signed_in_has_not_forgotten_it(browser_of, ann, bob):
    browser = browser_of(ann)
    assert browser.get("/auth/reset").location == "/"
    assert browser.post("/auth/reset", data={"email": ann.email}).location == "/"
    link = f"/auth/reset/{bob.generate_reset_token()}"
    assert browser.get(link).location == "/"
    assert browser.post(link, data=NEW).location == "/"
    assert db.session.get(User, bob.id).verify_password("cat")


def test_a_reset_ends_every_session(browser_of, client, ann):
    browsers = [browser_of(ann), browser_of(ann, remember_me="y")]
    client.post(f"/auth/reset/{ann.generate_reset_token()}", data=NEW)
    for browser in browsers:
        assert Page.of(browser.get("/")).heading == "Hello, Stranger!"


def test_no_token_for_another_purpose_resets_a_password(client, ann):
    for token in (
        ann.generate_confirmation_token(),
        ann.generate_email_change_token("x@example.com"),
        ann.generate_auth_token(3600),
    ):
        assert client.post(f"/auth/reset/{token}", data=NEW).location == "/auth/reset"
