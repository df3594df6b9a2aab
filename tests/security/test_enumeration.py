"""No answer tells whether an address has an account (contract K7; security.md 5, 6)."""

import re

import pytest
from argon2 import PasswordHasher

from app.extensions import db
from app.lib import passwords
from app.models import User
from tests.web.page import Page

KNOWN, UNKNOWN = "ann@example.com", "who@example.com"

FORMS = {
    "/auth/login": {"password": "wrong"},
    "/auth/reset": {},
    "/auth/register": {"username": "new", "password": "cat", "password2": "cat"},
    "/auth/change_email": {"password": "cat"},
}


@pytest.fixture(params=FORMS)
def ask(request, app, ann, bob, browser_of):
    """Send one of the forms for an address; bob is signed in where that is asked for."""
    path = request.param

    def send(email):
        browser = browser_of(bob) if path == "/auth/change_email" else app.test_client()
        response = browser.post(path, data={**FORMS[path], "email": email})
        after = browser.get(response.location) if response.location else None
        return response, after

    return send


def as_seen(response, email) -> tuple:
    """Return all of an answer but what is made at random for it, with the address left out."""
    headers = sorted(
        (name, re.sub(r"(session|device)=[^;]+", r"\1=…", value))
        for name, value in response.headers
        if name not in ("Date", "Content-Length", "X-Request-ID")
    )
    body = re.sub(r'(name="(submission|csrf_token)"[^>]*value)="[^"]*"', r"\1", response.text)
    return response.status, headers, body.replace(email, "…")


def test_the_answer_is_the_same_byte_for_byte(ask):
    answers = []
    for email in (KNOWN, UNKNOWN):
        response, after = ask(email)
        answers.append((as_seen(response, email), after and as_seen(after, email)))
        for user in db.session.query(User).filter_by(username="new"):
            db.session.delete(user)  # so that the name is free both times
    assert answers[0] == answers[1]


@pytest.fixture
def work(monkeypatch):
    """Count what is slow: hashing a password and comparing one with a hash."""
    passwords.verify(None, "warm up")
    done = []

    class Counted(PasswordHasher):
        def hash(self, *args, **kwargs):
            done.append("hash")
            return super().hash(*args, **kwargs)

        def verify(self, *args, **kwargs):
            done.append("verify")
            return super().verify(*args, **kwargs)

    usual = passwords._hasher
    counted = Counted(usual.time_cost, usual.memory_cost, usual.parallelism)
    monkeypatch.setattr(passwords, "_hasher", counted)
    return done


def test_the_work_is_the_same_for_known_and_unknown(ask, work):
    amounts = []
    for email in (KNOWN, UNKNOWN):
        work.clear()
        ask(email)
        amounts.append(list(work))
    assert amounts[0] == amounts[1]


def test_a_wrong_log_in_compares_one_password_whoever_it_is(client, ann, make_user, work):
    make_user("eve", password_hash=None)
    db.session.query(User).filter_by(username="eve").update({"password_hash": None})
    for email in (KNOWN, UNKNOWN, "eve@example.com"):
        work.clear()
        client.post("/auth/login", data={"email": email, "password": "wrong"})
        assert work == ["verify"], email


def test_registering_hashes_one_password_whether_the_address_is_known_or_not(client, ann, work):
    for number, email in enumerate((KNOWN, UNKNOWN)):
        work.clear()
        form = {"username": f"new{number}", "email": email, "password": "cat", "password2": "cat"}
        client.post("/auth/register", data=form)
        assert work == ["hash"], email


def test_a_password_of_a_megabyte_is_refused_without_hashing(client, ann, work):
    for email in (KNOWN, UNKNOWN):
        client.post("/auth/login", data={"email": email, "password": "x" * 500_000})
    assert work == []


# --- The owner of the address is told ---------------------------------------------------------


def test_registering_a_known_address_opens_nothing_and_tells_its_owner(client, ann, outbox):
    form = {"username": "new", "email": "Ann@Example.com", "password": "dog", "password2": "dog"}
    assert client.post("/auth/register", data=form).location == "/auth/login"
    (mail,) = outbox
    assert (mail.subject, mail.recipients) == ("[Flasky] You Have an Account", [KNOWN])
    assert "http://localhost:5000/auth/reset" in mail.body
    assert "Dear ann," in mail.body
    assert [user.username for user in db.session.query(User)] == ["ann"]
    assert db.session.get(User, ann.id).verify_password("cat")


def test_asking_for_a_known_new_address_tells_its_owner_and_moves_nobody(
    browser_of, ann, bob, outbox
):
    browser_of(bob).post("/auth/change_email", data={"email": KNOWN, "password": "cat"})
    (mail,) = outbox
    assert (mail.subject, mail.recipients) == ("[Flasky] You Have an Account", [KNOWN])
    assert "change_email" not in mail.body


def test_asking_for_an_address_without_an_account_sends_no_mail_for_a_reset(client, ann, outbox):
    client.post("/auth/reset", data={"email": UNKNOWN})
    assert outbox == []


def test_resending_says_the_same_to_everybody_who_is_not_confirmed(browser_of, make_user, outbox):
    """The form has no field for an address, so there is nothing to find out."""
    browser = browser_of(make_user(confirmed=False))
    page = Page.of(browser.get("/auth/unconfirmed"))
    assert page.all("input", name="email") == []


def test_a_profile_gives_no_address_away(client, ann, make_post):
    make_post(author=ann)
    for path in ("/", "/user/ann", "/followers/ann", "/avatar/ann.svg"):
        response = client.get(path)
        assert "ann@example.com" not in response.text
        assert ann.avatar_hash not in response.text, "the MD5 of an address is easily undone"
