"""Noting who is here, without a write on the way of a page that is read."""

from threading import Event, Thread

from flask import Flask, current_app, request
from flask_login import current_user

from ..database import records_stand_alone
from ..jobs.presence import write_down
from ..web import presence

# What a page is made of; asking for it is no visit, nor worth asking the database who it is.
_NO_VISIT = (None, "static", "main.stylesheet", "main.avatar", "main.picture")


def init_app(app: Flask) -> None:
    app.before_request(_ping)


def _ping() -> None:
    asked = request._get_current_object()
    if asked.blueprint == "ops":  # programs that watch; they are nobody
        return
    if asked.blueprint == "api":  # notes for itself who asks
        _start_writing(current_app._get_current_object())
        return
    if asked.endpoint in _NO_VISIT:
        return
    user = current_user._get_current_object()
    if not user.is_authenticated:
        return
    if records_stand_alone():  # a change of theirs would not be written
        presence.note(user)
        _start_writing(current_app._get_current_object())
    elif presence.is_due(user.last_seen):
        user.ping()


def _start_writing(app: Flask) -> None:
    """Start the thread that writes, once for each process (not in the parent of forked ones)."""
    interval = app.config["FLASKY_LAST_SEEN_INTERVAL"]
    if interval and "presence" not in app.extensions:
        app.extensions["presence"] = _Writer(app, interval)
        app.extensions["presence"].start()


class _Writer(Thread):
    """Writes down every `interval` seconds who was here."""

    def __init__(self, app: Flask, interval: float):
        super().__init__(name="presence", daemon=True)
        self._app, self._interval, self._stopped = app, interval, Event()

    def run(self) -> None:
        while not self._stopped.wait(self._interval):
            with self._app.app_context():
                try:
                    write_down()
                except Exception:  # the next round may fare better; the thread must not end
                    self._app.logger.exception("Could not write down who was here.")

    def stop(self) -> None:
        self._stopped.set()
        self.join()
