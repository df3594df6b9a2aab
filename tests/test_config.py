"""Every setting and its default, and what each way of running adds."""

import io
import logging
import os
import socket
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from logging.handlers import SMTPHandler, SysLogHandler
from pathlib import Path

import pytest
from flask.logging import default_handler

import config as settings
from app import create_app
from tests.adapters.mail_server import Postbox, serve

PROJECT = Path(__file__).resolve().parents[1]
PRODUCTION = ["production", "heroku", "docker", "unix"]
CLASSES = {
    "development": "DevelopmentConfig",
    "default": "DevelopmentConfig",
    "testing": "TestingConfig",
    "production": "ProductionConfig",
    "heroku": "HerokuConfig",
    "docker": "DockerConfig",
    "unix": "UnixConfig",
}
KEY = "a key for these tests"


@pytest.fixture
def configured(monkeypatch):
    """Return config.py as it is with this environment: `configured(MAIL_PORT="587")`."""

    def load(**environment):
        for name in list(os.environ):
            if name.startswith(("FLASK", "MAIL_", "SQLALCHEMY_")) or name.endswith("DATABASE_URL"):
                monkeypatch.delenv(name)
        for name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "SERVER_NAME", "PORT", "DYNO"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv("SSL_REDIRECT", raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        specification = spec_from_file_location("settings_of_a_test", PROJECT / "config.py")
        module = module_from_spec(specification)
        specification.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def start(configured, monkeypatch):
    """Return an application of this name that started with this environment."""

    def create(name, *, syslog=None, **environment):
        fresh = configured(**{"SECRET_KEY": KEY, **environment})
        fresh.SYSLOG = syslog or fresh.SYSLOG
        fresh.config[name].SQLALCHEMY_DATABASE_URI = "sqlite://"
        monkeypatch.setattr("app.config", fresh.config)
        return create_app(name)

    logger = logging.getLogger("app")
    before = logger.handlers[:], logger.propagate, logger.level
    yield create
    for handler in logger.handlers:
        if handler not in before[0] and handler is not default_handler:
            handler.close()
    logger.handlers[:], logger.propagate, logger.level = before


# --- Names and defaults --------------------------------------------------------------------


def test_the_dictionary_holds_every_way_of_running():
    assert {name: found.__name__ for name, found in settings.config.items()} == CLASSES


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize(
    ("key", "default"),
    [
        ("MAIL_SERVER", "localhost"),
        ("MAIL_PORT", 25),
        ("MAIL_USE_TLS", False),
        ("MAIL_USERNAME", None),
        ("MAIL_PASSWORD", None),
        ("FLASKY_ADMIN", None),
        ("FLASKY_MAIL_SUBJECT_PREFIX", "[Flasky]"),
        ("FLASKY_MAIL_SENDER", "Flasky Admin <flasky@example.com>"),
        ("FLASKY_POSTS_PER_PAGE", 20),
        ("FLASKY_FOLLOWERS_PER_PAGE", 50),
        ("FLASKY_COMMENTS_PER_PAGE", 30),
        ("FLASKY_SLOW_DB_QUERY_TIME", 0.5),
        ("SSL_REDIRECT", False),
        ("SQLALCHEMY_TRACK_MODIFICATIONS", False),
        ("SQLALCHEMY_RECORD_QUERIES", True),
        ("SERVER_NAME", None),
        ("FLASKY_BASE_URL", None),
        ("FLASKY_AVATARS", "local"),
    ],
)
def test_a_setting_has_its_default(configured, name, key, default):
    assert getattr(configured().config[name], key) == default


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("SECRET_KEY", "hush", "hush"),
        ("SECRET_KEY_FALLBACKS", "old older", ["old", "older"]),
        ("MAIL_SERVER", "mail.example.org", "mail.example.org"),
        ("MAIL_PORT", "587", 587),
        ("MAIL_USERNAME", "flasky", "flasky"),
        ("MAIL_PASSWORD", "open sesame", "open sesame"),
        ("FLASKY_ADMIN", "boss@example.com", "boss@example.com"),
        ("FLASKY_MAIL_SUBJECT_PREFIX", "[Blog]", "[Blog]"),
        ("FLASKY_MAIL_SENDER", "Blog <blog@example.org>", "Blog <blog@example.org>"),
        ("FLASKY_POSTS_PER_PAGE", "5", 5),
        ("FLASKY_FOLLOWERS_PER_PAGE", "5", 5),
        ("FLASKY_COMMENTS_PER_PAGE", "5", 5),
        ("FLASKY_SLOW_DB_QUERY_TIME", "0.25", 0.25),
        ("FLASKY_PASSWORD_MIN_LENGTH", "12", 12),
        ("SSL_REDIRECT", "1", True),
        ("SERVER_NAME", "blog.example.org", "blog.example.org"),
        ("FLASKY_BASE_URL", "https://blog.example.org", "https://blog.example.org"),
        ("FLASKY_AVATARS", "gravatar", "gravatar"),
    ],
)
def test_a_setting_is_read_from_the_environment(configured, key, text, value):
    assert getattr(configured(**{key: text}).ProductionConfig, key) == value


@pytest.mark.parametrize(
    "key",
    ["SECRET_KEY", "MAIL_SERVER", "MAIL_PORT", "MAIL_USERNAME", "FLASKY_ADMIN", "SERVER_NAME",
     "FLASKY_MAIL_SENDER", "FLASKY_MAIL_SUBJECT_PREFIX", "FLASKY_POSTS_PER_PAGE",
     "FLASKY_BASE_URL", "FLASKY_AVATARS", "FLASKY_QUEUE_FILE"],
)  # fmt: skip
def test_an_empty_setting_is_none(configured, key):
    """As in a .env whose lines wait to be filled in."""
    default = getattr(configured().ProductionConfig, key)
    assert getattr(configured(**{key: ""}).ProductionConfig, key) == default


@pytest.mark.parametrize("text", ["true", "True", "on", "ON", "1", " 1 "])
def test_these_words_mean_yes(configured, text):
    assert configured(MAIL_USE_TLS=text).Config.MAIL_USE_TLS is True


@pytest.mark.parametrize("text", ["false", "off", "0", "", "no", "2", "yes please"])
def test_all_others_mean_no(configured, text):
    assert configured(MAIL_USE_TLS=text).Config.MAIL_USE_TLS is False


def test_a_number_that_is_none_is_named_when_the_application_starts(start):
    with pytest.raises(RuntimeError, match=r"^MAIL_PORT takes a number, not 'abc'\.$"):
        start("docker", MAIL_PORT="abc")


def test_mails_go_to_the_log_where_there_is_no_server(configured):
    assert configured().DevelopmentConfig.FLASKY_MAIL_TO_LOG
    assert not configured(MAIL_SERVER="mail.example.org").DevelopmentConfig.FLASKY_MAIL_TO_LOG


@pytest.mark.parametrize("name", CLASSES)
def test_passwords_have_eight_characters_but_for_tests(configured, name):
    shortest = configured().config[name].FLASKY_PASSWORD_MIN_LENGTH
    assert shortest == (1 if name == "testing" else 8)


# --- Each way of running -------------------------------------------------------------------


def test_development_debugs_and_has_a_key_of_its_own(configured):
    found = configured().DevelopmentConfig
    assert found.DEBUG
    assert found.SECRET_KEY
    assert f"sqlite:///{PROJECT}/data-dev.sqlite" == found.SQLALCHEMY_DATABASE_URI


def test_testing_tests_in_memory_and_asks_for_no_tokens(configured):
    found = configured().TestingConfig
    assert found.TESTING
    assert found.SECRET_KEY
    assert found.SQLALCHEMY_DATABASE_URI == "sqlite://"
    assert found.WTF_CSRF_ENABLED is False
    assert found.RATELIMIT_ENABLED is False


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_neither_debugs_nor_has_a_key(configured, name):
    found = configured().config[name]
    assert not getattr(found, "DEBUG", False)
    assert not getattr(found, "TESTING", False)
    assert found.SECRET_KEY is None
    assert found.RATELIMIT_ENABLED
    assert f"sqlite:///{PROJECT}/data.sqlite" == found.SQLALCHEMY_DATABASE_URI


@pytest.mark.parametrize(
    ("name", "variable"),
    [("development", "DEV_DATABASE_URL"), ("testing", "TEST_DATABASE_URL"),
     *((name, "DATABASE_URL") for name in PRODUCTION)],
)  # fmt: skip
@pytest.mark.parametrize(
    ("url", "spelled_out"),
    [
        ("sqlite:////srv/data.sqlite", "sqlite:////srv/data.sqlite"),
        ("postgresql://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        ("postgres://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        ("postgresql+psycopg://host/name", "postgresql+psycopg://host/name"),
        ("mysql+pymysql://u:p@host/name", "mysql+pymysql://u:p@host/name"),
    ],
)
def test_each_has_a_database_of_its_own(configured, name, variable, url, spelled_out):
    found = configured(**{variable: url}).config[name]
    assert spelled_out == found.SQLALCHEMY_DATABASE_URI


def test_heroku_redirects_to_https_on_its_own_machines(configured):
    assert configured().HerokuConfig.SSL_REDIRECT is False
    assert configured(DYNO="web.1").HerokuConfig.SSL_REDIRECT is True
    assert configured(DYNO="web.1").ProductionConfig.SSL_REDIRECT is False


def test_heroku_believes_its_router_and_the_others_nobody(configured):
    assert configured().HerokuConfig.FLASKY_PROXY_HOPS == 1
    assert configured().DockerConfig.FLASKY_PROXY_HOPS == 0


# --- Starting ------------------------------------------------------------------------------


def run_flask(tmp_path, **environment):
    """Start Flasky as a server would, far enough to answer a command."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "FLASK_APP": str(PROJECT / "flasky.py"),
        "FLASK_SKIP_DOTENV": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'data.sqlite'}",
        # Nothing of a .env beside flasky.py, which would fill in what is not set.
        **dict.fromkeys(("SECRET_KEY", "FLASKY_BASE_URL", "FLASKY_ADMIN"), ""),
        **environment,
    }
    command = [sys.executable, "-m", "flask", "users", "--help"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_production_does_not_start_without_a_key_and_says_how_to_make_one(tmp_path):
    done = run_flask(tmp_path, FLASK_CONFIG="production")
    assert done.returncode != 0
    assert "SECRET_KEY is not set. Make one with: python3 -c" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_starts_with_a_key(tmp_path):
    done = run_flask(tmp_path, FLASK_CONFIG="production", SECRET_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert "Create accounts" in done.stdout


@pytest.mark.parametrize("name", PRODUCTION)
def test_no_production_starts_without_a_key(start, name):
    with pytest.raises(RuntimeError, match="SECRET_KEY is not set"):
        start(name, SECRET_KEY="")


@pytest.mark.parametrize("name", PRODUCTION)
def test_no_production_is_reached_over_plain_http(start, name):
    with pytest.raises(RuntimeError, match="must start with https://"):
        start(name, FLASKY_BASE_URL="http://blog.example.org")
    assert start(name, FLASKY_BASE_URL="https://blog.example.org")
    assert start(name, FLASKY_BASE_URL="http://localhost:5000")


@pytest.mark.parametrize("name", CLASSES)
def test_every_way_of_running_starts(start, name):
    app = start(name)
    assert app.config["SECRET_KEY"] == KEY
    assert {"main", "auth"} <= app.blueprints.keys()


# --- Logs ----------------------------------------------------------------------------------


def kinds(app):
    return [type(handler) for handler in app.logger.handlers if handler is not default_handler]


def mail_handlers(app):
    return [handler for handler in app.logger.handlers if isinstance(handler, SMTPHandler)]


BOSS = {"FLASKY_ADMIN": "boss@example.com", "MAIL_SERVER": "mail.example.org"}


@pytest.mark.parametrize("name", PRODUCTION)
def test_errors_are_mailed_to_the_administrator(start, name):
    (handler,) = mail_handlers(start(name, **BOSS, MAIL_PORT="587"))
    assert handler.level == logging.ERROR
    assert handler.toaddrs == ["boss@example.com"]
    assert handler.fromaddr == "Flasky Admin <flasky@example.com>"
    assert handler.getSubject(None) == "[Flasky] Application Error"
    assert (handler.mailhost, handler.mailport) == ("mail.example.org", 587)
    assert (handler.username, handler.secure) == (None, None)
    assert handler.timeout == 10


@pytest.mark.parametrize("name", [*PRODUCTION, "development", "testing"])
def test_without_an_administrator_nothing_is_mailed(start, name):
    assert mail_handlers(start(name, MAIL_SERVER="mail.example.org")) == []


@pytest.mark.parametrize("name", ["development", "testing"])
def test_errors_of_a_developer_are_not_mailed(start, name):
    assert mail_handlers(start(name, **BOSS)) == []


def test_credentials_and_encryption_come_with_a_user_name_only(start):
    secrets = {"MAIL_PASSWORD": "open sesame", "MAIL_USE_TLS": "1"}
    (handler,) = mail_handlers(start("production", **BOSS, **secrets))
    assert (handler.username, handler.secure) == (None, None)
    (handler,) = mail_handlers(start("production", **BOSS, **secrets, MAIL_USERNAME="flasky"))
    assert (handler.username, handler.password) == ("flasky", "open sesame")
    assert handler.secure == ()
    secrets["MAIL_USE_TLS"] = "0"
    (handler,) = mail_handlers(start("production", **BOSS, **secrets, MAIL_USERNAME="flasky"))
    assert handler.secure is None


def test_an_error_arrives_by_mail_and_a_warning_does_not(start):
    postbox = Postbox()
    with serve(postbox) as port:
        where = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port)}
        app = start("production", FLASKY_ADMIN="boss@example.com", **where)
        app.logger.warning("a warning")
        app.logger.error("an error")
    (mail,) = postbox.mails
    assert mail["Subject"] == "[Flasky] Application Error"
    assert mail.get_content().strip() == "an error"
    assert postbox.recipients == [["boss@example.com"]]


def test_errors_that_come_in_crowds_are_mailed_up_to_a_limit(start):
    postbox = Postbox()
    with serve(postbox) as port:
        where = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port)}
        limit = {"FLASKY_ERROR_MAILS_PER_HOUR": "2"}
        app = start("production", FLASKY_ADMIN="boss@example.com", **where, **limit)
        (handler,) = mail_handlers(app)
        for number in range(5):
            app.logger.error("error %d", number)
        assert [mail.get_content().strip() for mail in postbox.mails] == ["error 0", "error 1"]
        handler._sent_at = type(handler._sent_at)(moment - 3601 for moment in handler._sent_at)
        app.logger.error("error 5")
    text = postbox.mails[-1].get_content()
    assert text.startswith("error 5")
    assert "3 more since the mail before this one; they are in the log." in text


def test_an_error_that_cannot_be_mailed_is_told_in_one_line(start, capsys):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        where = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(nobody.getsockname()[1])}
        app = start("docker", FLASKY_ADMIN="boss@example.com", **where)
        app.logger.error("an error")
    lines = capsys.readouterr().err.splitlines()
    assert "an error" in lines
    (line,) = [line for line in lines if "could not be mailed" in line]
    assert "boss@example.com" in line
    assert "Connection refused" in line


@pytest.mark.parametrize("name", ["heroku", "docker"])
def test_platforms_get_everything_from_info_on_the_error_output_once(start, capsys, name):
    app = start(name)
    app.logger.info("it began")
    app.logger.debug("details")
    app.logger.warning("careful")
    said = capsys.readouterr().err
    assert (said.count("it began"), said.count("careful"), said.count("details")) == (1, 1, 0)


def syslog_handler(app):
    (handler,) = [handler for handler in app.logger.handlers if isinstance(handler, SysLogHandler)]
    assert handler.level == logging.INFO
    return handler


def test_unix_sends_everything_from_info_on_to_syslog(start, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as syslog:
        syslog.bind(str(tmp_path / "log"))
        syslog.settimeout(5)
        app = start("unix", syslog=tmp_path / "log")
        app.logger.debug("details")
        app.logger.info("it began")
        assert b"it began" in syslog.recv(1000)
        syslog_handler(app).close()


def test_unix_without_a_local_syslog_asks_the_port(start, tmp_path):
    app = start("unix", syslog=tmp_path / "none")
    assert syslog_handler(app).address == ("localhost", 514)


@pytest.mark.parametrize("name", CLASSES)
def test_information_is_worth_logging_everywhere(start, name):
    app = start(name)
    assert app.logger.isEnabledFor(logging.INFO)


def test_several_applications_do_not_pile_up_handlers(start):
    for name in ("docker", "docker", "unix", "production", "heroku", "docker"):
        app = start(name, **BOSS)
    assert kinds(app) == [app.logger.handlers[0].__class__, logging.StreamHandler]
    assert len(mail_handlers(app)) == 1


def test_a_handler_of_an_earlier_application_is_not_inherited(start):
    start("docker", **BOSS)
    app = start("production")
    assert kinds(app) == []


@pytest.mark.parametrize("name", ["development", "production", "heroku", "docker"])
def test_every_record_is_printed_once(start, capsys, name):
    """Also when somebody has set the root logger up, as an upgrade of the database does."""
    app = start(name)
    root, stream = logging.getLogger(), io.StringIO()
    another = logging.StreamHandler(stream)
    root.addHandler(another)
    try:
        app.logger.warning("just once")
    finally:
        root.removeHandler(another)
    assert (capsys.readouterr().err + stream.getvalue()).count("just once") == 1
