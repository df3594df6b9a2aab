"""Mail: from a template to the server, or to the log where there is none."""

from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import parseaddr

from flask import current_app, render_template
from flask_mail import Message

from .adapters.smtp import SmtpConnection

_identity: ContextVar[str | None] = ContextVar("mail_identity", default=None)


@contextmanager
def as_one_mail(identity: str):
    """Give the mail that is sent inside the same Message-ID whenever `identity` is the same.

    A worker that dies after the server took a mail sends it again; readers' programs then know
    the second for the first.
    """
    before = _identity.set(identity)
    try:
        yield
    finally:
        _identity.reset(before)


def send_email(to: str, subject: str, template: str, **kwargs) -> None:
    """Send `template`.txt and .html, rendered with `kwargs`, to the one address `to`.

    Called by the worker, which tries again when the server refuses (smtplib.SMTPException) or is
    away (OSError). Without a mail server the text goes to the log, links included.
    """
    config = current_app.config
    message = Message(
        f"{config['FLASKY_MAIL_SUBJECT_PREFIX']} {subject}",
        sender=config["FLASKY_MAIL_SENDER"],
        recipients=[to],
        body=render_template(f"{template}.txt", **kwargs),
        html=render_template(f"{template}.html", **kwargs),
    )
    if _identity.get():
        host = parseaddr(config["FLASKY_MAIL_SENDER"])[1].rpartition("@")[2] or "localhost"
        message.msgId = f"<{_identity.get()}@{host}>"
    if config["FLASKY_MAIL_TO_LOG"]:
        current_app.logger.info(
            "There is no mail server (MAIL_SERVER), so this mail stays here.\n"
            "To: %s\nSubject: %s\n\n%s\n",
            to,
            message.subject,
            message.body,
        )
        return
    with SmtpConnection(current_app.extensions["mail"]) as connection:
        connection.send(message)
