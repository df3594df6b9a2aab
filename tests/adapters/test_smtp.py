"""Mail to a real server on loopback: encrypted, checked, and never waited for in vain."""

import gc
import shutil
import smtplib
import ssl
import time

import pytest
from flask_mail import BadHeaderError, Message

from app.adapters.smtp import SmtpConnection
from tests.adapters.mail_server import Authority, Postbox, free_port, serve, serve_script

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="there is no openssl to make certificates with"
)


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def mail(app, monkeypatch):
    """Flask-Mail's settings; `mail(port=…)` changes them for this test, and sends for real."""

    def configure(**settings):
        for name, value in {"suppress": False, "server": "127.0.0.1", **settings}.items():
            monkeypatch.setattr(app.extensions["mail"], name, value)

    app.config["MAIL_TIMEOUT"] = 5
    return configure


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server_context(authority):
    return authority.context_for("DNS:localhost", "IP:127.0.0.1")


@pytest.fixture
def trusted(authority, monkeypatch):
    """Let the system trust the authority of the tests."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))


def send(app, *, to="ann@example.com", subject="Hello", sender="Flasky <flasky@example.com>"):
    message = Message(subject, recipients=[to], sender=sender, body="text", html="<p>text</p>")
    with SmtpConnection(app.extensions["mail"]) as connection:
        connection.send(message)


# --- A server that is well -----------------------------------------------------------------


def test_a_mail_arrives(app, mail, postbox):
    with serve(postbox) as port:
        mail(port=port)
        send(app)
    assert postbox.recipients == [["ann@example.com"]]
    assert postbox.senders == ["flasky@example.com"]
    (message,) = postbox.mails
    assert message["Subject"] == "Hello"
    assert message["From"] == "Flasky <flasky@example.com>"
    assert message["To"] == "ann@example.com"
    assert message["Message-ID"]
    assert message.get_body(("plain",)).get_content().strip() == "text"
    assert message.get_body(("html",)).get_content().strip() == "<p>text</p>"


@needs_openssl
def test_a_mail_travels_encrypted_after_starttls(app, mail, postbox, server_context, trusted):
    with serve(postbox, tls_context=server_context, require_starttls=True) as port:
        mail(port=port, use_tls=True)
        send(app)
    assert postbox.was_encrypted == [True]


@needs_openssl
def test_a_mail_travels_encrypted_from_the_first_byte(app, mail, postbox, server_context, trusted):
    with serve(postbox, ssl_context=server_context) as port:
        mail(port=port, use_ssl=True, server="localhost")
        send(app)
    assert len(postbox.mails) == 1


@needs_openssl
def test_the_login_comes_after_the_encryption(app, mail, postbox, server_context, trusted):
    with serve(postbox, tls_context=server_context, login=True, auth_require_tls=True) as port:
        mail(port=port, use_tls=True, username="flasky", password="open sesame")
        send(app)
    assert postbox.logins == [("flasky", "open sesame")]
    assert len(postbox.mails) == 1


@pytest.mark.parametrize("half", [{"username": "flasky"}, {"password": "open sesame"}])
def test_half_a_login_is_none(app, mail, postbox, half):
    with serve(postbox) as port:
        mail(port=port, **half)
        send(app)
    assert postbox.logins == []
    assert len(postbox.mails) == 1


def test_a_server_that_hangs_up_without_a_goodbye_has_the_mail_all_the_same(app, mail):
    """Else the worker would send it a second time."""
    yes = "250 OK"
    with serve_script("220 here", yes, yes, yes, "354 go on", yes) as (port, heard):
        mail(port=port)
        send(app)
    assert b"DATA\r\n" in heard or b"data\r\n" in heard


# --- A server that is not ------------------------------------------------------------------


@pytest.fixture
def no_open_ends():
    """Hold that a failure leaves no connection behind: pytest would see the warning."""
    yield
    gc.collect()


@needs_openssl
@pytest.mark.parametrize("option", ["use_tls", "use_ssl"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    app, mail, postbox, server_context, option, no_open_ends
):
    kind = "tls_context" if option == "use_tls" else "ssl_context"
    with serve(postbox, **{kind: server_context}) as port:
        mail(port=port, username="flasky", password="open sesame", **{option: True})
        with pytest.raises(ssl.SSLCertVerificationError):
            send(app)
    assert postbox.mails == postbox.logins == []


@needs_openssl
def test_a_certificate_for_another_name_is_refused(
    app, mail, postbox, authority, trusted, no_open_ends
):
    elsewhere = authority.context_for("DNS:mail.example.org")
    with serve(postbox, tls_context=elsewhere) as port:
        mail(port=port, use_tls=True)
        with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
            send(app)
    assert postbox.mails == []


def test_no_password_is_sent_where_encryption_was_asked_for_and_is_not_offered(
    app, mail, postbox, no_open_ends
):
    with serve(postbox, login=True, auth_require_tls=False) as port:
        mail(port=port, use_tls=True, username="flasky", password="open sesame")
        with pytest.raises(smtplib.SMTPNotSupportedError):
            send(app)
    assert postbox.mails == postbox.logins == []


def test_a_wrong_password_is_refused(app, mail, postbox, no_open_ends):
    with serve(postbox, login=True, auth_require_tls=False) as port:
        mail(port=port, username="flasky", password="open barley")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            send(app)
    assert postbox.mails == []


@pytest.mark.parametrize(
    "replies", [[None], ["220 here", None], ["220 here", "250 OK", None]],
    ids=["at once", "after the greeting", "after HELO"],
)  # fmt: skip
def test_a_silent_server_is_not_waited_for(app, mail, replies):
    app.config["MAIL_TIMEOUT"] = 0.2
    with serve_script(*replies) as (port, _):
        mail(port=port)
        started = time.monotonic()
        with pytest.raises(OSError, match=r"timed out|Connection unexpectedly closed"):
            send(app)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "replies", [[], ["220 here"], ["554 not today"], ["what?"], ["220 here", "250 OK"]],
    ids=["hangs up at once", "hangs up after the greeting", "refuses all", "is no mail server",
         "hangs up after HELO"],
)  # fmt: skip
def test_a_server_in_trouble_is_an_os_error(app, mail, replies):
    """The runner counts on that: such a failure is expected, and tried again."""
    with serve_script(*replies) as (port, _):
        mail(port=port)
        with pytest.raises(OSError):  # noqa: PT011
            send(app)


def test_a_server_that_is_away_is_an_os_error(app, mail):
    mail(port=free_port())
    with pytest.raises(ConnectionRefusedError):
        send(app)


@pytest.mark.parametrize("status", ["451 greylisted, come back later", "550 no such mailbox"])
def test_a_refused_recipient_is_an_error_that_says_why(app, mail, postbox, status):
    postbox.rcpt_status = status
    with serve(postbox) as port:
        mail(port=port)
        with pytest.raises(smtplib.SMTPRecipientsRefused, match=status[4:]):
            send(app)
    assert postbox.mails == []


@pytest.mark.parametrize("status", ["452 the disk is full", "554 this looks like spam"])
def test_a_refused_mail_is_an_error_that_says_why(app, mail, postbox, status):
    postbox.data_status = status
    with serve(postbox) as port:
        mail(port=port)
        with pytest.raises(smtplib.SMTPDataError, match=status[4:]):
            send(app)


# --- What must not get into a header -------------------------------------------------------


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize(
    "field", [{"to": "ann@example.com{}Bcc: eve@example.com"}, {"subject": "Hi{}Bcc: eve@e.org"},
              {"sender": "Flasky{}Bcc: eve@e.org <flasky@example.com>"}],
    ids=["to", "subject", "sender"],
)  # fmt: skip
def test_a_line_break_in_a_header_sends_nothing(app, mail, postbox, line_break, field):
    with serve(postbox) as port:
        mail(port=port)
        with pytest.raises(BadHeaderError):
            send(app, **{name: text.format(line_break) for name, text in field.items()})
    assert postbox.mails == []


def test_names_outside_ascii_arrive_as_they_are(app, mail, postbox):
    with serve(postbox) as port:
        mail(port=port)
        send(app, subject="Grüße, 世界", sender="Flaskÿ 世界 <flasky@example.com>")
    (message,) = postbox.mails
    assert message["Subject"] == "Grüße, 世界"
    assert message["From"].addresses[0].display_name == "Flaskÿ 世界"


def test_a_domain_outside_ascii_is_written_as_mail_servers_know_it(app, mail, postbox):
    with serve(postbox) as port:
        mail(port=port)
        send(app, to="ann@bücher.example")
    assert postbox.recipients == [["ann@xn--bcher-kva.example"]]


def test_under_testing_nothing_is_sent(app, outbox):
    send(app)
    assert [message.subject for message in outbox] == ["Hello"]
