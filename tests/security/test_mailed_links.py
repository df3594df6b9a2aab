"""Links in mails lead to the address in the settings, whatever a request claims (K5; 42)."""

import re

import pytest

from app.extensions import db
from app.models import User

LIES = [
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "666", "X-Forwarded-Prefix": "/evil"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Host": "evil.example", "X-Original-URL": "/evil", "X-Rewrite-URL": "/evil"},
    {"Referer": "http://localhost/evil.example"},
    {"Host": "localhost:666"},
    {"Host": "127.0.0.1"},
]


def cause_every_mail(app, headers) -> None:
    """Go through every step that sends a mail, with these headers in each request."""
    stranger, bob = app.test_client(), app.test_client()
    new = {"username": "new", "email": "new@example.com", "password": "cat", "password2": "cat"}
    stranger.post("/auth/register", data=new, headers=headers)
    stranger.post("/auth/register", data=new | {"username": "new2"}, headers=headers)
    stranger.post("/auth/reset", data={"email": "bob@example.com"}, headers=headers)
    bob.post("/auth/login", data={"email": "bob@example.com", "password": "cat"}, headers=headers)
    change = {"email": "bobby@example.com", "password": "cat"}
    bob.post("/auth/change_email", data=change, headers=headers)
    newcomer = app.test_client()
    newcomer.post("/auth/login", data=new, headers=headers)
    newcomer.post("/auth/confirm", headers=headers)
    user = db.session.query(User).filter_by(username="new").one()
    newcomer.get(f"/auth/confirm/{user.generate_confirmation_token()}", headers=headers)


EVERY_SUBJECT = {
    "[Flasky] Confirm Your Account",
    "[Flasky] You Have an Account",
    "[Flasky] Reset Your Password",
    "[Flasky] Confirm your email address",
    "[Flasky] New User",
}


@pytest.mark.parametrize("headers", LIES, ids=str)
def test_no_header_changes_a_link(app, bob, outbox, headers):
    app.config.update(FLASKY_ADMIN="boss@example.com")
    cause_every_mail(app, headers)
    assert {mail.subject for mail in outbox} == EVERY_SUBJECT
    for mail in outbox:
        for text in (mail.body, mail.html):
            links = set(re.findall(r"https?://[^/\s\"<]+", text))
            assert links == {"http://localhost:5000"}, mail.subject
            assert "evil" not in text


def test_links_start_with_the_address_of_the_site(outbox, app_with):
    app = app_with(FLASKY_BASE_URL="https://blog.example.org/flasky/")
    user = User(email="ann@example.com", username="ann", password="cat", confirmed=True)
    db.session.add(user)
    db.session.commit()
    app.test_client().post(
        "/auth/reset", data={"email": user.email}, base_url="https://blog.example.org"
    )
    (mail,) = outbox
    assert "https://blog.example.org/flasky/auth/reset/" in mail.body


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "[", "a b", "é"])
def test_a_name_that_is_not_ours_causes_no_mail(client, bob, outbox, host):
    headers = {"Host": host.encode().decode("latin1")}  # as a server passes on what it got
    response = client.post("/auth/reset", data={"email": bob.email}, headers=headers)
    assert response.status_code == 400
    assert outbox == []
    assert "evil" not in response.text


def test_a_program_under_a_wrong_name_is_told_as_json(client):
    headers = {"Host": "evil.example", "Accept": "application/json"}
    response = client.get("/", headers=headers)
    assert (response.status_code, response.json) == (400, {"error": "bad request"})


def test_nothing_on_a_page_is_an_absolute_address_of_ours(client, make_post):
    post = make_post()
    for path in ("/", f"/post/{post.id}", "/auth/login", "/nowhere"):
        text = client.get(path, headers={"Host": "localhost:666"}).text
        assert "localhost" not in text


def test_redirects_stay_where_the_reader_is(client):
    response = client.get("/edit-profile", headers={"Host": "127.0.0.1:666"})
    assert response.location.startswith("/auth/login")


# --- What a mail holds ------------------------------------------------------------------------


def test_every_mail_greets_closes_and_carries_its_link(app, bob, outbox):
    app.config["FLASKY_ADMIN"] = "boss@example.com"
    cause_every_mail(app, {})
    for mail in outbox:
        assert len(mail.recipients) == 1
        assert mail.sender == "Flasky Admin <flasky@example.com>"
        for text in (mail.body, mail.html):
            assert "Dear " in text, mail.subject
            assert "Sincerely," in text, mail.subject
            assert "The Flasky Team" in text, mail.subject
            assert "Note: replies to this email address are not monitored." in text, mail.subject
        assert "click here</a>" in mail.html, mail.subject
        (link,) = re.findall(r"http://localhost:5000\S+", mail.body)
        assert mail.html.count(link) >= 2, mail.subject


def test_each_mail_says_what_it_is_about(app, bob, outbox):
    app.config["FLASKY_ADMIN"] = "boss@example.com"
    cause_every_mail(app, {})
    bodies = {mail.subject: mail.body for mail in outbox}
    assert bodies["[Flasky] Confirm Your Account"].startswith("Dear new,")
    assert "Welcome to Flasky!" in bodies["[Flasky] Confirm Your Account"]
    assert bodies["[Flasky] Reset Your Password"].startswith("Dear bob,")
    assert "simply ignore this message" in bodies["[Flasky] Reset Your Password"]
    recipients = {mail.subject: mail.recipients for mail in outbox}
    assert recipients["[Flasky] Confirm your email address"] == ["bobby@example.com"]
    assert recipients["[Flasky] New User"] == ["boss@example.com"]


def test_a_line_break_in_an_address_adds_no_header(client, outbox):
    for email in ("a@example.com\nBcc: b@example.com", "a@example.com\r\nSubject: x"):
        form = {"username": "new", "email": email, "password": "cat", "password2": "cat"}
        assert client.post("/auth/register", data=form).status_code == 200
        assert client.post("/auth/reset", data={"email": email}).status_code == 200
    assert outbox == []
