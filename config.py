"""Every setting, once. Nobody else reads the environment.

Each class is one way to run Flasky; `config` at the end gives them their names. A setting is
read from the environment variable of the same name unless a comment says otherwise.
"""

import logging
import os
import re
import sys
import time
from collections import deque
from logging.handlers import SMTPHandler, SysLogHandler
from pathlib import Path

from flask.logging import default_handler

BASE_DIR = Path(__file__).resolve().parent
SYSLOG = Path("/dev/log")  # where there is none, port 514 of this machine is asked


def _flag(name, default="false"):
    return os.environ.get(name, default).strip().lower() in {"true", "on", "1"}


def _text(name, default=None):
    return os.environ.get(name) or default


# Settings that cannot be read, a sentence each. An error raised here would be a stack trace for
# whoever imports this file; the start of the application refuses with the sentence instead.
_problems = []


def _number(name, default):
    text = _text(name, default)
    try:
        return type(default)(text)
    except ValueError:
        _problems.append(f"{name} takes a number, not {text!r}.")
        return default


def _database_url(name, default):
    """The URL in `name`, with the driver spelled out that we install."""
    url = _text(name, default)
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _replica_urls(name):
    """The URLs in `name`, separated by spaces."""
    return [
        re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
        for url in os.environ.get(name, "").split()
    ]


def _sqlite_file(name):
    return f"sqlite:///{BASE_DIR / name}"


def _begin_log(app):
    """Log from INFO on, by Flask's own handler at first.

    Python keeps one logger per name for the whole process: an earlier application may have left
    its handlers there, and they would print every record twice.
    """
    logger = logging.getLogger(app.name)
    for left_behind in logger.handlers[:]:
        logger.removeHandler(left_behind)
        left_behind.close()
    app.logger.setLevel(logging.INFO)


def _log_to(app, handler, level):
    handler.setLevel(level)
    app.logger.addHandler(handler)


class ErrorMail(SMTPHandler):
    """Mails a record, and says so in one line when the mail server is away.

    The record itself is in the log in any case. Each process mails up to `most` in an hour: a
    fault that meets every request must neither fill a mailbox nor slow every request down.
    """

    def __init__(self, *arguments, most, **options):
        super().__init__(*arguments, **options)
        self._most, self._sent_at, self._left_out = most, deque(), 0

    def emit(self, record):
        now = time.monotonic()
        while self._sent_at and self._sent_at[0] <= now - 3600:
            self._sent_at.popleft()
        if len(self._sent_at) >= self._most:
            self._left_out += 1
            return
        self._sent_at.append(now)
        super().emit(record)

    def format(self, record):
        text, left_out = super().format(record), self._left_out
        self._left_out = 0
        if left_out:
            text += f"\n\n{left_out} more since the mail before this one; they are in the log."
        return text

    def handleError(self, record):
        error = sys.exc_info()[1]
        sys.stderr.write(f"The error could not be mailed to {self.toaddrs}: {error}\n")


class Config:
    """What all ways of running share."""

    # Signs cookies and links. Older keys go on being accepted while you rotate.
    SECRET_KEY = _text("SECRET_KEY")
    SECRET_KEY_FALLBACKS = os.environ.get("SECRET_KEY_FALLBACKS", "").split()

    # Mail. Without MAIL_SERVER in the environment each mail is written to the log.
    MAIL_SERVER = _text("MAIL_SERVER", "localhost")
    MAIL_PORT = _number("MAIL_PORT", 25)
    MAIL_USE_TLS = _flag("MAIL_USE_TLS")
    MAIL_USE_SSL = _flag("MAIL_USE_SSL")
    MAIL_USERNAME = _text("MAIL_USERNAME")
    MAIL_PASSWORD = _text("MAIL_PASSWORD")
    MAIL_DEBUG = False  # smtplib would print every mail
    MAIL_TIMEOUT = _number("MAIL_TIMEOUT", 10)  # seconds
    FLASKY_MAIL_TO_LOG = not os.environ.get("MAIL_SERVER")  # not read from the environment
    FLASKY_MAIL_SUBJECT_PREFIX = _text("FLASKY_MAIL_SUBJECT_PREFIX", "[Flasky]")
    FLASKY_MAIL_SENDER = _text("FLASKY_MAIL_SENDER", "Flasky Admin <flasky@example.com>")

    # The address that becomes Administrator once its owner has confirmed it.
    FLASKY_ADMIN = _text("FLASKY_ADMIN")

    # How many rows a page shows.
    FLASKY_POSTS_PER_PAGE = _number("FLASKY_POSTS_PER_PAGE", 20)
    FLASKY_FOLLOWERS_PER_PAGE = _number("FLASKY_FOLLOWERS_PER_PAGE", 50)
    FLASKY_COMMENTS_PER_PAGE = _number("FLASKY_COMMENTS_PER_PAGE", 30)

    # Passwords: the least length, and the least score of zxcvbn (0 to 4; 0 asks for nothing).
    FLASKY_PASSWORD_MIN_LENGTH = _number("FLASKY_PASSWORD_MIN_LENGTH", 8)
    FLASKY_PASSWORD_MIN_SCORE = _number("FLASKY_PASSWORD_MIN_SCORE", 3)

    # Where the site is reached, e.g. https://blog.example.org. Links in mails start with it,
    # and cookies are Secure when it is https.
    FLASKY_BASE_URL = _text("FLASKY_BASE_URL")
    # Further host names that may be asked for, separated by spaces. Loopback is always allowed.
    FLASKY_ALLOWED_HOSTS = os.environ.get("FLASKY_ALLOWED_HOSTS", "")
    SERVER_NAME = _text("SERVER_NAME")
    # How many reverse proxies stand in front; their X-Forwarded-* headers are believed.
    FLASKY_PROXY_HOPS = _number("FLASKY_PROXY_HOPS", 0)
    SSL_REDIRECT = _flag("SSL_REDIRECT")
    PORT = _number("PORT", 5000)

    # local: the picture that somebody uploaded, else one generated on our side; gravatar: the
    # reader's browser asks gravatar.com.
    FLASKY_AVATARS = _text("FLASKY_AVATARS", "local")
    # Where uploads are kept: this directory, or an S3 bucket when one is named (endpoint and
    # region where boto3 does not know them; it finds the credentials by itself).
    FLASKY_UPLOADS = _text("FLASKY_UPLOADS", str(BASE_DIR / "uploads"))
    FLASKY_S3_BUCKET = _text("FLASKY_S3_BUCKET")
    FLASKY_S3_ENDPOINT = _text("FLASKY_S3_ENDPOINT")
    FLASKY_S3_REGION = _text("FLASKY_S3_REGION")

    # A Redis for whatever may use one: the job queue, the counters of requests, and posts and
    # comments as HTML and JSON, for ten minutes.
    REDIS_URL = _text("REDIS_URL")
    # Seconds that a request or the worker waits for a Redis that is silent; the same for a queue
    # in PostgreSQL.
    FLASKY_REDIS_TIMEOUT = _number("FLASKY_REDIS_TIMEOUT", 0.5)

    # The way to the worker: redis://, rediss:// or postgresql://; else REDIS_URL, else a file.
    FLASKY_QUEUE_URL = _text("FLASKY_QUEUE_URL")
    FLASKY_QUEUE_FILE = _text("FLASKY_QUEUE_FILE", str(BASE_DIR / "queue.sqlite"))
    FLASKY_JOBS_AT_ONCE = False  # run a job as soon as it is promised, for tests
    # Seconds: how often the worker looks for jobs that are due; after what time a worker that has
    # taken one must have died; the wait after a job's first failure, which doubles up to 6 hours;
    # and for how long it may go on failing before it is parked (flask jobs list).
    FLASKY_OUTBOX_INTERVAL = _number("FLASKY_OUTBOX_INTERVAL", 10.0)
    FLASKY_JOB_CLAIM = _number("FLASKY_JOB_CLAIM", 300.0)
    FLASKY_JOB_RETRY_WAIT = _number("FLASKY_JOB_RETRY_WAIT", 60.0)
    FLASKY_JOB_GIVE_UP = _number("FLASKY_JOB_GIVE_UP", 86400.0)

    # Databases.
    SQLALCHEMY_TRACK_MODIFICATIONS = False
    SQLALCHEMY_RECORD_QUERIES = True
    # Errors are logged, mailed and reported: without the values in their statements.
    SQLALCHEMY_ENGINE_OPTIONS = {"hide_parameters": True}
    # Streaming replicas of a PostgreSQL, URLs separated by spaces, that GET requests read from
    # (FLASK_CONFIG=production and its kin). One that lags by more seconds than this is left out.
    DATABASE_REPLICA_URLS = []
    FLASKY_REPLICA_MAX_LAG = _number("FLASKY_REPLICA_MAX_LAG", 2)
    # The rest for PostgreSQL and MariaDB; times in seconds. A process keeps up to so many
    # connections, and for a moment ten more; on PostgreSQL as many again for what only reads.
    FLASKY_DATABASE_POOL_SIZE = _number("FLASKY_DATABASE_POOL_SIZE", 5)
    FLASKY_DATABASE_CONNECT_TIMEOUT = _number("FLASKY_DATABASE_CONNECT_TIMEOUT", 5)
    FLASKY_DATABASE_STATEMENT_TIMEOUT = _number("FLASKY_DATABASE_STATEMENT_TIMEOUT", 10)
    FLASKY_DATABASE_LOCK_TIMEOUT = _number("FLASKY_DATABASE_LOCK_TIMEOUT", 5)
    # A transaction that does nothing for so long is ended by the database: its locks stop others.
    FLASKY_DATABASE_IDLE_TIMEOUT = _number("FLASKY_DATABASE_IDLE_TIMEOUT", 30)
    # How often in all a request, job or command is tried that a deadlock or a lost connection
    # broke off before its commit.
    FLASKY_DATABASE_TRIES = _number("FLASKY_DATABASE_TRIES", 5)
    FLASKY_SLOW_DB_QUERY_TIME = _number("FLASKY_SLOW_DB_QUERY_TIME", 0.5)  # seconds

    # Posts and comments as HTML and JSON that each process keeps, in characters; 0 keeps none.
    FLASKY_KEPT_FRAGMENTS = _number("FLASKY_KEPT_FRAGMENTS", 4_000_000)

    # How many seconds each process keeps the total of a list, and who wrote last of those whom
    # somebody follows; 0 asks for every page.
    FLASKY_KEPT_TOTALS = _number("FLASKY_KEPT_TOTALS", 1)

    # How many seconds the pages of lists, profiles and the heads of posts are kept, so that the
    # database is asked for them once; 0 asks each time.
    FLASKY_KEPT_LISTS = _number("FLASKY_KEPT_LISTS", 1)

    # How many seconds a page that strangers read is kept for the next stranger; 0 makes it anew.
    FLASKY_PAGE_CACHE = _number("FLASKY_PAGE_CACHE", 3)

    # A person's "last seen" is gathered in memory and written this often, in seconds;
    # 0 leaves the writing to whoever calls it.
    FLASKY_LAST_SEEN_INTERVAL = _number("FLASKY_LAST_SEEN_INTERVAL", 15)

    # Requests.
    MAX_CONTENT_LENGTH = 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 512 * 1024
    MAX_FORM_PARTS = 1000
    WTF_CSRF_TIME_LIMIT = None  # a long draft must not outlive its token
    # Pages that a mailed link opens send no Referer, and yet hold a form. Foreign forms are told
    # by Origin and Sec-Fetch-Site (app/startup/security.py).
    WTF_CSRF_SSL_STRICT = False
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SEND_FILE_MAX_AGE_DEFAULT = 31536000  # static addresses carry a fingerprint

    # Throttling: how often within how long, in the notation of the limits library.
    RATELIMIT_ENABLED = True
    FLASKY_LIMIT_LOGIN_ACCOUNT = "10 per 5 minutes"
    FLASKY_LIMIT_LOGIN_ADDRESS = "25 per 5 minutes"
    FLASKY_LIMIT_LOGIN_SITE = "1000 per 5 minutes"
    FLASKY_LIMIT_REGISTER = "5 per 30 minutes"
    FLASKY_LIMIT_RESET_ACCOUNT = "5 per day"
    FLASKY_LIMIT_RESET_ADDRESS = "20 per hour"
    FLASKY_LIMIT_CONFIRM = "3 per 6 hours"
    FLASKY_LIMIT_CHANGE_EMAIL = "5 per hour"
    FLASKY_LIMIT_WRITE = "30 per 5 minutes"
    FLASKY_LIMIT_PREVIEW = "300 per 5 minutes"
    FLASKY_LIMIT_PICTURE = "20 per day"
    # The API: with a token, with an account in all, and without either.
    FLASKY_LIMIT_API_TOKEN = "300 per 5 minutes"
    FLASKY_LIMIT_API_ACCOUNT = "1500 per 5 minutes"
    FLASKY_LIMIT_API_ADDRESS = "300 per 5 minutes"
    # Where it counts: in a Redis for all processes together (REDIS_URL, unless this names
    # another), or memory://, each process for itself.
    RATELIMIT_STORAGE_URI = _text("RATELIMIT_STORAGE_URI", REDIS_URL) or "memory://"

    # Origins of pages elsewhere that may use the API, separated by spaces. None by default.
    FLASKY_API_ORIGINS = os.environ.get("FLASKY_API_ORIGINS", "")

    # The log: text for people, or json for programs.
    FLASKY_LOG_FORMAT = _text("FLASKY_LOG_FORMAT", "text")
    # How many errors each process mails to FLASKY_ADMIN in an hour; all are in the log.
    FLASKY_ERROR_MAILS_PER_HOUR = _number("FLASKY_ERROR_MAILS_PER_HOUR", 20)
    # Where errors are reported to, without personal data: Sentry, or what speaks its language.
    SENTRY_DSN = _text("SENTRY_DSN")

    # /metrics is for this machine, and for whoever brings this token (Authorization: Bearer …).
    FLASKY_METRICS_TOKEN = _text("FLASKY_METRICS_TOKEN")
    # Where the processes of one web server keep their figures; deploy/gunicorn.conf.py sets it.
    PROMETHEUS_MULTIPROC_DIR = _text("PROMETHEUS_MULTIPROC_DIR")

    # Set by the classes that serve real people: refuse to start on unsafe settings.
    FLASKY_PRODUCTION = False
    FLASKY_DATABASE_SETTING = None  # the variable that names the database, for messages
    FLASKY_SETTING_PROBLEMS = _problems  # what the environment says and nobody can read

    @staticmethod
    def init_app(app):
        """Finish what a class attribute cannot say."""
        _begin_log(app)


class DevelopmentConfig(Config):
    DEBUG = True
    SECRET_KEY = Config.SECRET_KEY or "only for development, never for a real site"
    SQLALCHEMY_DATABASE_URI = _database_url("DEV_DATABASE_URL", _sqlite_file("data-dev.sqlite"))
    FLASKY_DATABASE_SETTING = "DEV_DATABASE_URL"
    FLASKY_QUEUE_FILE = _text("FLASKY_QUEUE_FILE", str(BASE_DIR / "queue-dev.sqlite"))


class TestingConfig(Config):
    TESTING = True
    SECRET_KEY = Config.SECRET_KEY or "only for tests"
    SQLALCHEMY_DATABASE_URI = _database_url("TEST_DATABASE_URL", "sqlite://")
    FLASKY_DATABASE_SETTING = "TEST_DATABASE_URL"
    WTF_CSRF_ENABLED = False
    RATELIMIT_ENABLED = False
    FLASKY_BASE_URL = None
    FLASKY_MAIL_TO_LOG = False  # Flask-Mail suppresses sending under TESTING
    FLASKY_PASSWORD_MIN_LENGTH = 1
    FLASKY_PASSWORD_MIN_SCORE = 0
    FLASKY_JOBS_AT_ONCE = True
    FLASKY_PAGE_CACHE = FLASKY_KEPT_LISTS = FLASKY_KEPT_TOTALS = 0
    REDIS_URL = FLASKY_QUEUE_URL = FLASKY_QUEUE_FILE = None  # no queue: jobs run at once
    RATELIMIT_STORAGE_URI = "memory://"
    FLASKY_UPLOADS = str(BASE_DIR / "tmp" / "uploads")
    FLASKY_LAST_SEEN_INTERVAL = 0
    SENTRY_DSN = None


class ProductionConfig(Config):
    SQLALCHEMY_DATABASE_URI = _database_url("DATABASE_URL", _sqlite_file("data.sqlite"))
    FLASKY_DATABASE_SETTING = "DATABASE_URL"
    DATABASE_REPLICA_URLS = _replica_urls("DATABASE_REPLICA_URLS")
    FLASKY_PRODUCTION = True

    @classmethod
    def init_app(cls, app):
        """Mail errors to the administrator, if there is an address to mail them to."""
        Config.init_app(app)
        if not cls.FLASKY_ADMIN:
            return
        credentials = secure = None
        if cls.MAIL_USERNAME:
            credentials = (cls.MAIL_USERNAME, cls.MAIL_PASSWORD)
            secure = () if cls.MAIL_USE_TLS else None
        handler = ErrorMail(
            mailhost=(cls.MAIL_SERVER, cls.MAIL_PORT),
            fromaddr=cls.FLASKY_MAIL_SENDER,
            toaddrs=[cls.FLASKY_ADMIN],
            subject=f"{cls.FLASKY_MAIL_SUBJECT_PREFIX} Application Error",
            credentials=credentials,
            secure=secure,
            timeout=cls.MAIL_TIMEOUT,
            most=cls.FLASKY_ERROR_MAILS_PER_HOUR,
        )
        _log_to(app, handler, logging.ERROR)


class _StderrConfig(ProductionConfig):
    """Where the platform collects what the process prints."""

    @classmethod
    def init_app(cls, app):
        super().init_app(app)
        app.logger.removeHandler(default_handler)  # it would say the same in the same place
        _log_to(app, logging.StreamHandler(sys.stderr), logging.INFO)


class HerokuConfig(_StderrConfig):
    SSL_REDIRECT = Config.SSL_REDIRECT or bool(os.environ.get("DYNO"))
    FLASKY_PROXY_HOPS = _number("FLASKY_PROXY_HOPS", 1)  # its router, which sets the headers


class DockerConfig(_StderrConfig):
    pass


class UnixConfig(ProductionConfig):
    @classmethod
    def init_app(cls, app):
        super().init_app(app)
        handler = SysLogHandler(str(SYSLOG)) if SYSLOG.is_socket() else SysLogHandler()
        _log_to(app, handler, logging.INFO)


config = {
    "development": DevelopmentConfig,
    "testing": TestingConfig,
    "production": ProductionConfig,
    "heroku": HerokuConfig,
    "docker": DockerConfig,
    "unix": UnixConfig,
    "default": DevelopmentConfig,
}
