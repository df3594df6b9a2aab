"""Mail: what it says, whom it goes to, and where it goes when there is no server."""

import logging
import re

import pytest

from app.email import send_email
from app.extensions import db
from app.jobs.handlers import HANDLERS
from app.models import Job, later

LINK = "http://localhost:5000/somewhere?a=1&b=2"
TEMPLATES = [
    "auth/email/confirm",
    "auth/email/reset_password",
    "auth/email/change_email",
    "auth/email/address_taken",
    "auth/email/email_changed",
    "auth/email/password_changed",
    "mail/new_user",
]
WITHOUT_LINK = ("auth/email/email_changed", "auth/email/password_changed")
CLOSING = [
    "Sincerely,",
    "The Flasky Team",
    "Note: replies to this email address are not monitored.",
]


@pytest.fixture
def mail_of(ann, outbox):
    """Return the mail that a template makes for ann."""

    def send(template, **context):
        context = {"user": ann, "link": LINK, "new_email": "new@example.com", **context}
        send_email("ann@example.com", "Subject", template, **context)
        return outbox[-1]

    return send


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_mail_has_one_recipient_and_the_sender_and_prefix_of_the_settings(app, mail_of):
    app.config["FLASKY_MAIL_SUBJECT_PREFIX"] = "[Here]"
    app.config["FLASKY_MAIL_SENDER"] = "Somebody <somebody@example.com>"
    mail = mail_of("auth/email/confirm")
    assert mail.subject == "[Here] Subject"
    assert mail.sender == "Somebody <somebody@example.com>"
    assert mail.send_to == {"ann@example.com"}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_mail_is_written_twice_as_text_and_as_html(mail_of, template):
    mail = mail_of(template)
    for line in CLOSING:
        assert line in mail.body
        assert line in text_of(mail.html)
    assert "<p>" in mail.html
    assert "<" not in mail.body


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name != "mail/new_user"])
def test_a_mail_addresses_its_reader_by_name(mail_of, template):
    mail = mail_of(template)
    assert mail.body.startswith("Dear ann,\n")
    assert mail.html.startswith("<p>Dear ann,</p>")


@pytest.mark.parametrize(
    ("values", "name"), [({"name": "Ann A."}, "Ann A."), ({}, "friend")], ids=["name", "nothing"]
)
def test_a_mail_to_somebody_without_a_user_name_is_friendly_too(ann, mail_of, values, name):
    ann.username = None
    for key, value in values.items():
        setattr(ann, key, value)
    assert mail_of("auth/email/confirm").body.startswith(f"Dear {name},\n")


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name not in WITHOUT_LINK])
def test_a_link_stands_in_the_text_and_twice_in_the_html(mail_of, template):
    mail = mail_of(template)
    assert LINK in mail.body
    escaped = LINK.replace("&", "&amp;")
    assert f'<a href="{escaped}">click here</a>' in mail.html
    assert f"<p>{escaped}</p>" in mail.html


def test_each_mail_says_what_the_contract_asks_for(mail_of):
    assert "Welcome to Flasky!" in mail_of("auth/email/confirm").body
    assert "Welcome to Flasky!" in mail_of("auth/email/confirm").html
    ignore = "If you have not requested a password reset"
    assert ignore in mail_of("auth/email/reset_password").body
    assert ignore in mail_of("auth/email/reset_password").html
    assert "new@example.com" in mail_of("auth/email/change_email").body
    assert "new@example.com" in mail_of("auth/email/email_changed").body
    assert "ann has joined" in mail_of("mail/new_user").body


def test_names_are_escaped_in_html_and_only_there(ann, mail_of):
    ann.username, ann.name = None, "<b>Ann</b> & Co"
    mail = mail_of("auth/email/confirm")
    assert "Dear &lt;b&gt;Ann&lt;/b&gt; &amp; Co," in mail.html
    assert "Dear <b>Ann</b> & Co," in mail.body


def test_a_mail_can_be_written_outside_of_any_request(mail_of):
    """That is where the worker writes it."""
    for template in TEMPLATES:
        assert mail_of(template).body


def test_without_a_server_the_mail_goes_to_the_log_with_its_link(app, ann, outbox, caplog):
    app.config["FLASKY_MAIL_TO_LOG"] = True
    with caplog.at_level(logging.INFO, logger=app.logger.name):
        send_email("ann@example.com", "Hi", "auth/email/confirm", user=ann, link=LINK)
    (record,) = caplog.records
    text = record.getMessage()
    assert "To: ann@example.com\nSubject: [Flasky] Hi\n" in text
    assert LINK in text
    assert "no mail server" in text
    assert outbox == []


# --- The handlers --------------------------------------------------------------------------


@pytest.fixture
def keep(outbox):
    """Keep a promise as the worker would, and return the mails that were sent."""

    def run(name, **payload):
        later(name, **payload)
        db.session.commit()
        job = Job.query.order_by(Job.id.desc()).first()
        assert job.done_at, job.last_error
        return outbox

    return run


def test_the_confirmation_goes_to_whoever_is_not_confirmed(keep, make_user):
    user = make_user("new", confirmed=False)
    (mail,) = keep("mail.confirmation", user_id=user.id)
    assert (mail.recipients, mail.subject) == (["new@example.com"], "[Flasky] Confirm Your Account")
    token = re.search(r"http://localhost:5000/auth/confirm/(\S+)", mail.body)[1]
    assert user.confirm(token)


def test_the_reset_goes_to_the_owner_of_the_address(keep, ann):
    (mail,) = keep("mail.password_reset", email="ANN@example.com")
    assert (mail.recipients, mail.subject) == (["ann@example.com"], "[Flasky] Reset Your Password")
    token = re.search(r"http://localhost:5000/auth/reset/(\S+)", mail.body)[1]
    assert type(ann).find_by_reset_token(token) is ann


def test_the_proof_of_a_new_address_goes_to_the_new_address(keep, ann):
    (mail,) = keep("mail.change_email", user_id=ann.id, new_email="new@example.org")
    assert (mail.recipients, mail.subject) == (
        ["new@example.org"], "[Flasky] Confirm your email address",
    )  # fmt: skip
    token = re.search(r"http://localhost:5000/auth/change_email/(\S+)", mail.body)[1]
    assert ann.change_email(token)
    assert ann.email == "new@example.org"


def test_the_owner_of_a_wanted_address_is_told_instead(keep, ann, bob):
    (mail,) = keep("mail.change_email", user_id=ann.id, new_email="BOB@example.com")
    assert mail.recipients == ["bob@example.com"]
    assert "change_email" not in mail.body
    assert "ann" not in mail.body


def test_the_owner_of_an_address_hears_of_a_registration_with_it(keep, ann):
    (mail,) = keep("mail.address_taken", user_id=ann.id)
    assert mail.recipients == ["ann@example.com"]
    assert "http://localhost:5000/auth/reset" in mail.body


def test_a_changed_password_is_told(keep, ann):
    (mail,) = keep("mail.password_changed", user_id=ann.id)
    assert mail.recipients == ["ann@example.com"]


def test_a_changed_address_is_told_to_the_old_one(keep, ann):
    (mail,) = keep("mail.email_changed", user_id=ann.id, old_email="old@example.com")
    assert mail.recipients == ["old@example.com"]
    assert "ann@example.com" in mail.body


def test_the_administrator_hears_of_a_new_user(app, keep, ann):
    app.config["FLASKY_ADMIN"] = "boss@example.com"
    (mail,) = keep("mail.new_user", user_id=ann.id)
    assert (mail.recipients, mail.subject) == (["boss@example.com"], "[Flasky] New User")
    assert "http://localhost:5000/user/ann" in mail.body


def test_the_administrator_hears_of_a_new_user_without_a_name(app, keep, ann):
    app.config["FLASKY_ADMIN"] = "boss@example.com"
    ann.username = None
    db.session.commit()
    (mail,) = keep("mail.new_user", user_id=ann.id)
    assert "ann@example.com" in mail.body


def test_without_an_administrator_nobody_hears_of_new_users(keep, ann):
    assert keep("mail.new_user", user_id=ann.id) == []


def test_who_is_confirmed_by_now_is_not_asked_again(keep, ann):
    assert keep("mail.confirmation", user_id=ann.id) == []


def test_an_unknown_address_gets_no_reset(keep, app):
    assert keep("mail.password_reset", email="nobody@example.com") == []


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("mail.confirmation", {}),
        ("mail.address_taken", {}),
        ("mail.password_changed", {}),
        ("mail.change_email", {"new_email": "x@example.com"}),
        ("mail.email_changed", {"old_email": "x@example.com"}),
        ("mail.new_user", {}),
    ],
)
def test_who_is_gone_by_now_gets_no_mail(app, keep, name, payload):
    app.config["FLASKY_ADMIN"] = "boss@example.com"
    assert keep(name, user_id=4711, **payload) == []


@pytest.mark.parametrize("name", ["mail.confirmation", "mail.address_taken"])
def test_who_has_no_address_gets_no_mail(keep, make_user, name):
    user = make_user(email=None, confirmed=False)
    assert keep(name, user_id=user.id) == []


@pytest.mark.parametrize(
    ("settings", "base"),
    [
        ({"FLASKY_BASE_URL": "https://blog.example.org"}, "https://blog.example.org/"),
        ({"FLASKY_BASE_URL": "https://example.org/blog/"}, "https://example.org/blog/"),
        ({"SERVER_NAME": "blog.example.org", "PREFERRED_URL_SCHEME": "https"},
         "https://blog.example.org/"),
        ({"PORT": 5123}, "http://localhost:5123/"),
    ],
)  # fmt: skip
def test_links_begin_with_where_the_site_is_reached(app, keep, ann, settings, base):
    app.config.update(settings)
    (mail,) = keep("mail.address_taken", user_id=ann.id)
    assert f"{base}auth/reset" in mail.body


def test_every_mail_that_is_sent_has_been_tested_here():
    handlers = {name for name in HANDLERS if name.startswith("mail.")}
    assert handlers == {
        "mail.confirmation",
        "mail.address_taken",
        "mail.password_reset",
        "mail.password_changed",
        "mail.change_email",
        "mail.email_changed",
        "mail.new_user",
    }
