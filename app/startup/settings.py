"""Settings that must hold before anything else is started."""

from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from ..exceptions import ConfigurationError

# Not [::1]: Werkzeug 3.1 takes the first colon of a trusted name for the start of its port.
LOOPBACK = ("localhost", "127.0.0.1")


def init_app(app: Flask) -> None:
    for problem in app.config["FLASKY_SETTING_PROBLEMS"]:
        raise ConfigurationError(problem)
    if app.config["FLASKY_LOG_FORMAT"] not in ("text", "json"):
        raise ConfigurationError("FLASKY_LOG_FORMAT takes text or json.")
    _check_secret_key(app)
    _check_database_url(app)
    base = urlsplit(app.config["FLASKY_BASE_URL"] or "")
    _check_base_url(app, base)
    app.config["TRUSTED_HOSTS"] = _trusted_hosts(app, base.hostname)
    is_https = base.scheme == "https"
    app.config["PREFERRED_URL_SCHEME"] = base.scheme or "http"
    app.config["SESSION_COOKIE_SECURE"] = is_https
    app.config["SESSION_COOKIE_NAME"] = "__Host-session" if is_https else "session"


def _check_secret_key(app: Flask) -> None:
    if not app.config["SECRET_KEY"]:
        raise ConfigurationError(
            "SECRET_KEY is not set. Make one with: python3 -c "
            "'import secrets; print(secrets.token_hex(32))' and put SECRET_KEY=<that> into .env."
        )


def _check_database_url(app: Flask) -> None:
    """Refuse an address that no driver takes. It stays unsaid: it may hold a password."""
    setting = app.config["FLASKY_DATABASE_SETTING"]
    try:
        url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
        url.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise ConfigurationError(
            f"{setting} is not the address of a database. It takes sqlite:////path/to/file, "
            "postgresql://user:password@host/name or mysql+pymysql://user:password@host/name."
        ) from None
    except ImportError as error:
        raise ConfigurationError(
            f"{setting} asks for the package {error.name}, which is not installed. "
            "Run: pip install -r requirements/prod.txt"
        ) from None


def _check_base_url(app: Flask, base) -> None:
    if not app.config["FLASKY_BASE_URL"]:
        return
    if base.scheme not in ("http", "https") or not base.hostname:
        raise ConfigurationError(
            "FLASKY_BASE_URL must be an address such as https://blog.example.org, "
            f"not {app.config['FLASKY_BASE_URL']!r}."
        )
    is_loopback = base.hostname in ("localhost", "127.0.0.1", "::1")
    if app.config["FLASKY_PRODUCTION"] and base.scheme == "http" and not is_loopback:
        raise ConfigurationError(
            "FLASKY_BASE_URL must start with https://; plain http is accepted for localhost only, "
            "since passwords would travel in the clear."
        )


def _trusted_hosts(app: Flask, base_host: str | None) -> list[str]:
    """Return the names that a request may ask for; any other gets 400."""
    hosts = {*LOOPBACK, *app.config["FLASKY_ALLOWED_HOSTS"].split()}
    hosts.update(host for host in (base_host, _name_of(app.config["SERVER_NAME"])) if host)
    return sorted(hosts)


def _name_of(server_name: str | None) -> str | None:
    return server_name and server_name.rsplit(":", 1)[0]
