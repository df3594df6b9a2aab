"""Doing a request again that the database broke off.

A deadlock, a lost connection or a database that starts anew ends a transaction, and the person who
asked can do nothing about it. As long as no COMMIT was sent and no byte answered, nothing has
happened, and the request can be done again from its beginning: signing in, gate, form and act,
in a transaction of its own. So it is repeated here, around the application, where no step keeps
anything of the try before.
"""

import time
from io import BytesIO

from flask import Flask, request

from ..database import is_undone, pause_before, trouble_with

_AGAIN, _LAST = "flasky.again", "flasky.last_try"
_PATIENCE = 3  # seconds after which no further try begins: somebody is waiting


def init_app(app: Flask) -> None:
    app.wsgi_app = _Repetition(app)


def may_be_repeated(error: Exception) -> bool:
    """Tell whether the request will be done again because of `error`, and see to it."""
    environ = request.environ
    again = not environ.get(_LAST, True) and is_undone() and trouble_with(error) is not None
    environ[_AGAIN] = again
    return again


class _Repetition:
    """The application, as a WSGI server calls it."""

    def __init__(self, app: Flask):
        self._app, self._once = app, app.wsgi_app

    def __call__(self, environ, start_response):
        body, is_whole = self._read_body(environ)
        tries = self._app.config["FLASKY_DATABASE_TRIES"] if is_whole else 1
        began, number = time.monotonic(), 1
        while True:
            is_last = number >= tries or time.monotonic() - began > _PATIENCE
            attempt = {**environ, _LAST: is_last}
            if body is not None:
                attempt["wsgi.input"] = BytesIO(body)
            heads = []
            answer = self._once(attempt, lambda *head, heads=heads: heads.append(head))
            if not attempt.get(_AGAIN):
                start_response(*heads[-1])
                return answer
            answer.close()
            number += 1
            time.sleep(pause_before(number))

    def _read_body(self, environ) -> tuple[bytes | None, bool]:
        """Return the body of the request, and whether that is all of it.

        A long one, or one whose length is not known, is left to the application: it is not kept,
        and the request not repeated.
        """
        length = environ.get("CONTENT_LENGTH") or "0"
        if "HTTP_TRANSFER_ENCODING" in environ or not length.isdecimal():
            return None, False
        if int(length) > self._app.config["MAX_CONTENT_LENGTH"]:
            return None, False
        try:
            return (environ["wsgi.input"].read(int(length)) if length != "0" else None), True
        except OSError:  # whoever sent it has gone; the application finds it too short
            return b"", False
