"""A connection to the mail server that checks certificates and does not wait for ever."""

import smtplib
import ssl

from flask import current_app
from flask_mail import Connection


def is_final(error: Exception) -> bool:
    """Tell whether the server has refused this mail for good (5xx), so that asking again is vain.

    That is so for the recipient and for the text. A sender, a login or a whole site that is
    refused is for the operator to mend, and then the mails shall go.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


class SmtpConnection(Connection):
    """Flask-Mail's connection with a verified TLS context and a time-out.

    Flask-Mail 0.10 has neither: it would talk to anybody who answers for the server, and wait
    for one that is silent until the process ends.
    """

    def configure_host(self):
        host = self._connect()
        try:
            host.set_debuglevel(int(self.mail.debug))
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def _connect(self):
        where = {
            "host": self.mail.server,
            "port": self.mail.port,
            "timeout": current_app.config["MAIL_TIMEOUT"],
        }
        if self.mail.use_ssl:
            return smtplib.SMTP_SSL(**where, context=ssl.create_default_context())
        return smtplib.SMTP(**where)

    def __exit__(self, *exception):
        """Say goodbye. Whether the server answers changes nothing: it has the mail, or has not."""
        try:
            super().__exit__(*exception)
        except OSError:
            self.host.close()
