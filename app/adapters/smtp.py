"""A connection to the mail server that checks certificates and does not wait for ever."""

import smtplib
import ssl

from flask import current_app
from flask_mail import Connection


class SmtpConnection(Connection):
    """Flask-Mail's connection with a verified TLS context and a time-out.

    Flask-Mail 0.10 has neither: it would talk to anybody who answers for the server, and wait
    for one that is silent until the process ends.
    """

    def configure_host(self):
        settings = self.mail
        timeout = current_app.config["MAIL_TIMEOUT"]
        if settings.use_ssl:
            context = ssl.create_default_context()
            host = smtplib.SMTP_SSL(
                settings.server, settings.port, timeout=timeout, context=context
            )
        else:
            host = smtplib.SMTP(settings.server, settings.port, timeout=timeout)
        host.set_debuglevel(int(settings.debug))
        if settings.use_tls:
            host.starttls(context=ssl.create_default_context())
        if settings.username and settings.password:
            host.login(settings.username, settings.password)
        return host
