"""`flask doctor`: everything that a site needs, looked at once."""

import os
import shutil
import smtplib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ..adapters.queues import QUEUE_ERRORS, open_queue
from ..adapters.smtp import SmtpConnection
from ..extensions import db
from ..lib.deadlines import within
from .database import check_clock, check_database, check_migrations, check_queue, check_writes
from .finding import FAIL, OK, WARN, Finding, in_one_line

_PATIENCE = 12  # seconds that a check may take; a mail server gets 10 by itself
_SHORTEST_KEY, _FEWEST_CHARACTERS = 32, 16
_MB = 1024 * 1024
_MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def check_up(app: Flask) -> Iterator[Finding]:
    """Yield one finding a matter, the most basic first. Needs an application context."""
    engine, setting = db.engine, app.config["FLASKY_DATABASE_SETTING"]
    yield from (check_settings(app), check_secret(app))
    database = _asked("database", partial(check_database, engine, setting))
    yield database
    if database.state != FAIL:
        yield from _check_content(app, engine, setting)
    if app.config["FLASKY_QUEUE_URL"] or app.config["REDIS_URL"]:
        yield _asked("redis", partial(check_queue_server, app))
    yield _asked("mail", _with_context(app, check_mail))
    yield check_disk(app, engine)


def _check_content(app: Flask, engine: Engine, setting: str) -> Iterator[Finding]:
    yield _asked("writing", partial(check_writes, engine, setting))
    migrations = partial(check_migrations, engine, app.extensions["migrate"].directory)
    finding = _asked("migrations", migrations)
    yield finding
    yield _asked("clock", partial(check_clock, engine))
    if finding.state == OK:
        yield _asked("queue", partial(check_queue, engine))


def _asked(matter: str, check: Callable[[], Finding]) -> Finding:
    """Return what the check finds; that it came to nothing is a finding too."""
    try:
        return within(_PATIENCE, check)
    except (SQLAlchemyError, OSError) as error:
        return Finding(FAIL, matter, f"{in_one_line(getattr(error, 'orig', None) or error)}.")


def _with_context(app: Flask, check: Callable[[Flask], Finding]) -> Callable[[], Finding]:
    def run() -> Finding:
        with app.app_context():
            return check(app)

    return run


def check_settings(app: Flask) -> Finding:
    """What would have stopped the start is not asked for again."""
    config = app.config
    base = config["FLASKY_BASE_URL"]
    if not config["FLASKY_PRODUCTION"]:
        return Finding(OK, "settings", "For development: errors are shown to whoever asks.")
    if not base:
        sentence = "FLASKY_BASE_URL is not set, so links in mails lead nowhere. Set it to https://…"
        return Finding(FAIL, "settings", sentence)
    if not base.startswith("https://"):
        sentence = "FLASKY_BASE_URL is plain http: only this machine is served. Set it to https://…"
        return Finding(WARN, "settings", sentence)
    if not config["FLASKY_ADMIN"]:
        sentence = "FLASKY_ADMIN is not set, so nobody is told of errors. Set it to an address."
        return Finding(WARN, "settings", sentence)
    return Finding(OK, "settings", f"For real people, at {base}.")


def check_secret(app: Flask) -> Finding:
    key = app.config["SECRET_KEY"]
    if not app.config["FLASKY_PRODUCTION"]:
        return Finding(OK, "secret", "Development does with any key.")
    if len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_CHARACTERS:
        sentence = (
            f"SECRET_KEY can be guessed: it should have {_SHORTEST_KEY} characters or more, "
            f"{_FEWEST_CHARACTERS} of them different. Make one: {_MAKE_A_KEY}"
        )
        return Finding(FAIL, "secret", sentence)
    return Finding(OK, "secret", f"SECRET_KEY has {len(key)} characters.")


def check_mail(app: Flask) -> Finding:
    """Sign in at the mail server, and send nothing."""
    config = app.config
    if config["FLASKY_MAIL_TO_LOG"]:
        state = WARN if config["FLASKY_PRODUCTION"] else OK
        sentence = "Mails are written to the log. Set MAIL_SERVER to have them sent."
        return Finding(state, "mail", sentence)
    where = f"{config['MAIL_SERVER']}:{config['MAIL_PORT']}"
    try:
        SmtpConnection(app.extensions["mail"]).configure_host().quit()
    except smtplib.SMTPAuthenticationError as error:
        sentence = (
            f"{where} refuses the sign-in ({error.smtp_code}). See MAIL_USERNAME and MAIL_PASSWORD."
        )
    except OSError as error:
        said = in_one_line(error, config["MAIL_PASSWORD"])
        sentence = f"{where}: {said}. See MAIL_SERVER, MAIL_PORT, MAIL_USE_TLS and MAIL_USE_SSL."
    else:
        return Finding(OK, "mail", f"{where} answers.")
    return Finding(FAIL, "mail", sentence)


def check_queue_server(app: Flask) -> Finding:
    """Ask the Redis or PostgreSQL that hands jobs to the worker, if there is one."""
    url = app.config["FLASKY_QUEUE_URL"] or app.config["REDIS_URL"]
    where = urlsplit(url).hostname or "this machine"
    try:
        open_queue(url, None, timeout=app.config["FLASKY_REDIS_TIMEOUT"]).pending_count()
    except QUEUE_ERRORS as error:
        said = in_one_line(error, urlsplit(url).password)
        sentence = f"{where}: {said}. Without it the site serves and jobs wait. See REDIS_URL."
        return Finding(FAIL, "redis", sentence)
    return Finding(OK, "redis", f"The queue at {where} answers.")


def check_disk(app: Flask, engine: Engine) -> Finding:
    """Look at every folder that Flasky writes to."""
    least = None
    for folder in folders(app, engine):
        if not folder.is_dir():
            return Finding(FAIL, "disk", f"There is no folder {folder}. Run: mkdir -p '{folder}'")
        if not os.access(folder, os.W_OK):
            return Finding(FAIL, "disk", f"{folder} cannot be written to. See its owner and disk.")
        usage = shutil.disk_usage(folder)
        if least is None or usage.free < least[0].free:
            least = usage, folder
    if least is None:
        return Finding(OK, "disk", "Nothing is kept on this machine.")
    usage, folder = least
    free = f"{usage.free / _MB:,.0f} MB ({usage.free / usage.total:.0%}) are free at {folder}."
    if usage.free < 100 * _MB or usage.free < usage.total / 20:
        return Finding(FAIL, "disk", f"{free} Make room before writes fail.")
    return Finding(WARN if usage.free < usage.total / 10 else OK, "disk", free)


def folders(app: Flask, engine: Engine) -> list[Path]:
    """The folders that hold what Flasky writes."""
    files = [app.config["FLASKY_QUEUE_FILE"]]
    if engine.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        files.append(engine.url.database.removeprefix("file:").partition("?")[0])
    found = [Path(file).absolute().parent for file in files if file]
    if not app.config["FLASKY_S3_BUCKET"]:
        uploads = Path(app.config["FLASKY_UPLOADS"]).absolute()
        # The first upload makes its folder, and those above.
        found.append(next(folder for folder in (uploads, *uploads.parents) if folder.exists()))
    return found
