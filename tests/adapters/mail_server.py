"""Mail servers on loopback: a real one, and some that misbehave."""

import asyncio
import socket
import ssl
import subprocess
from contextlib import contextmanager
from email import message_from_bytes, policy
from threading import Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Postbox:
    """What a server received, and how it answers; 250 unless told otherwise."""

    def __init__(self):
        self.mails, self.recipients, self.senders, self.logins = [], [], [], []
        self.rcpt_status = self.data_status = "250 OK"
        self.delay = 0  # seconds between taking a mail and saying so
        self.was_encrypted = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt_status.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_status

    async def handle_DATA(self, server, session, envelope):
        if self.data_status.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients.append(envelope.rcpt_tos)
            self.senders.append(envelope.mail_from)
            self.was_encrypted.append(session.ssl is not None)
        await asyncio.sleep(self.delay)
        return self.data_status

    def authenticate(self, server, session, envelope, mechanism, data):
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"open sesame", handled=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serve(postbox, *, port=None, **options):
    """Run a server that fills `postbox`; give its port."""
    if options.pop("login", False):
        options |= {
            "authenticator": postbox.authenticate,
            "auth_required": "tls_context" in options,
        }
    controller = Controller(postbox, hostname="127.0.0.1", port=port or free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def serve_script(*replies):
    """Run a server that takes one caller, says `replies` in turn and hangs up.

    It listens for a line before each reply but the first; None keeps it silent until the caller
    goes, and "" lets it hang up. Within a mail it reads on to the line that ends it.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def converse():
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            for number, reply in enumerate(replies):
                if number:
                    within_a_mail = replies[number - 1].startswith("354")
                    heard.append(lines.readline())
                    while within_a_mail and heard[-1] not in (b".\r\n", b""):
                        heard.append(lines.readline())
                if not reply:
                    if reply is None:
                        lines.read()
                    return
                connection.sendall(f"{reply}\r\n".encode())

    thread = Thread(target=converse, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        listener.close()
        thread.join(5)


class Authority:
    """Somebody who signs certificates, for as long as a test runs."""

    def __init__(self, folder):
        self.folder = folder
        self.certificate = folder / "authority.pem"
        self._openssl(
            "req", "-x509", "-days", "2", "-subj", "/CN=An authority for tests",
            *self._key("authority.key"), "-out", self.certificate,
            "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign",
        )  # fmt: skip

    def context_for(self, *names):
        """Return the TLS settings of a server that may call itself by `names`."""
        alternatives = ",".join(names)
        (self.folder / "names").write_text(f"subjectAltName={alternatives}\n")
        self._openssl(
            "req", "-new", "-subj", "/CN=A server for tests", *self._key("server.key"),
            "-out", self.folder / "server.csr",
        )  # fmt: skip
        self._openssl(
            "x509", "-req", "-days", "2", "-in", self.folder / "server.csr",
            "-CA", self.certificate, "-CAkey", self.folder / "authority.key", "-CAcreateserial",
            "-extfile", self.folder / "names", "-out", self.folder / "server.pem",
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        return context

    def _key(self, name):
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        return (*curve, "-keyout", self.folder / name)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
