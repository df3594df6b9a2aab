"""Moving to another address (contract C, auth; F; K6, K7, K17)."""

import pytest
import time_machine

from app.extensions import db
from app.models import User
from tests.web.page import Page

FORM = {"email": "New@Example.com", "password": "cat"}
SENT = "An email with instructions to confirm your new email address has been sent to you."


def test_the_page_names_its_fields(browser_of, ann):
    page = Page.of(browser_of(ann).get("/auth/change_email"))
    assert (page.title, page.heading) == (
        "Flasky - Change Email Address",
        "Change Your Email Address",
    )
    assert page.texts("label") == ["New Email", "Password"]
    assert "Update Email Address" in page.buttons


def test_the_new_address_is_asked_first_and_the_old_one_told_afterwards(
    browser_of, ann, outbox, link_in
):
    browser = browser_of(ann)
    response = browser.post("/auth/change_email", data=FORM)
    assert (response.status_code, response.location) == (302, "/")
    assert Page.of(browser.get("/")).flashes == [SENT]
    assert [(mail.subject, mail.recipients) for mail in outbox] == [
        ("[Flasky] Confirm your email address", ["new@example.com"])
    ]
    assert db.session.get(User, ann.id).email == "ann@example.com"

    assert browser.get(link_in("[Flasky] Confirm your email address")).location == "/"
    assert Page.of(browser.get("/")).flashes == ["Your email address has been updated."]
    moved = db.session.get(User, ann.id)
    assert moved.email == "new@example.com"
    assert moved.avatar_hash == moved.gravatar_hash()
    assert outbox[-1].recipients == ["ann@example.com"]
    assert "new@example.com" in outbox[-1].body


def test_the_wrong_password_sends_nothing_and_keeps_the_address(browser_of, ann, outbox):
    response = browser_of(ann).post("/auth/change_email", data={**FORM, "password": "dog"})
    assert response.status_code == 200
    page = Page.of(response)
    assert page.flashes == ["Invalid email or password."]
    assert page.first("input", name="email")["value"] == "New@Example.com"
    assert outbox == []


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"email": ""}, "email", "This field is required."),
        ({"email": "x@"}, "email", "Invalid email address."),
        ({"password": ""}, "password", "This field is required."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(browser_of, ann, fields, field, message):
    response = browser_of(ann).post("/auth/change_email", data={**FORM, **fields})
    assert response.status_code == 200
    assert message in Page.of(response).errors(field)


def refused(browser, token) -> bool:
    assert browser.get(f"/auth/change_email/{token}").location == "/"
    return Page.of(browser.get("/")).flashes == ["Invalid request."]


@pytest.mark.parametrize("token", ["x", "%ED%A0%80", "a.b", "bnVsbA.x"])
def test_a_link_that_was_made_up_is_refused(browser_of, ann, token):
    assert refused(browser_of(ann), token)


def test_a_link_is_for_one_person_once_and_an_hour(browser_of, ann, bob):
    browser = browser_of(ann)
    assert refused(browser, bob.generate_email_change_token("new@example.com"))
    token = ann.generate_email_change_token("new@example.com")
    with time_machine.travel("2999-01-01"):
        assert refused(browser_of(ann), token)
    browser.get(f"/auth/change_email/{token}")
    assert db.session.get(User, ann.id).email == "new@example.com"
    browser.get("/")
    assert refused(browser, token)


def test_a_link_without_an_address_or_to_a_taken_one_is_refused(browser_of, ann, bob):
    browser = browser_of(ann)
    for address in (None, "", bob.email, bob.email.upper(), 5):
        assert refused(browser, ann.generate_email_change_token(address))
    assert db.session.get(User, ann.id).email == "ann@example.com"


def test_an_address_that_somebody_takes_at_the_same_moment_is_refused(
    browser_of, ann, bob, monkeypatch
):
    browser = browser_of(ann)
    token = ann.generate_email_change_token(bob.email)
    monkeypatch.setattr(User, "_is_taken", lambda _user, _email: False)  # looked a moment too early
    assert refused(browser, token)
    assert db.session.get(User, ann.id).email == "ann@example.com"


def test_a_stranger_who_follows_the_link_is_asked_to_log_in(client, ann):
    token = ann.generate_email_change_token("new@example.com")
    response = client.get(f"/auth/change_email/{token}")
    assert response.location.startswith("/auth/login?next=%2Fauth%2Fchange_email%2F")
    back = client.post(response.location, data={"email": ann.email, "password": "cat"})
    client.get(back.location)
    assert db.session.get(User, ann.id).email == "new@example.com"


def test_the_log_in_works_with_the_new_address_only(client, browser_of, ann):
    token = ann.generate_email_change_token("new@example.com")
    browser_of(ann).get(f"/auth/change_email/{token}")
    assert client.log_in(ann, email="ann@example.com").status_code == 200
    assert client.log_in(ann, email="new@example.com").status_code == 302
