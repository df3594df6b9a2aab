"""Reports of errors to Sentry, or to whatever speaks its language (SENTRY_DSN)."""

from importlib import import_module

from flask import Flask, has_request_context, request

from ..exceptions import ConfigurationError
from ..lib import request_ids

# Of what a report says about a request, nothing else leaves the house.
_KEPT_OF_REQUEST = ("method", "url")


def init_app(app: Flask) -> None:
    """Start reporting, in a process that has to; the library costs 15 MB."""
    dsn = app.config["SENTRY_DSN"]
    if not dsn:
        return
    try:
        sentry, by_flask, by_log = map(
            import_module,
            ("sentry_sdk", "sentry_sdk.integrations.flask", "sentry_sdk.integrations.logging"),
        )
    except ImportError:
        raise ConfigurationError(
            "SENTRY_DSN asks for the package sentry-sdk, which is not installed. "
            "Run: pip install -r requirements/prod.txt"
        ) from None
    try:
        sentry.init(
            dsn,
            before_send=without_people,
            # Neither variables nor bodies: they hold passwords. Nor the lines of the log before.
            # Cookies and addresses are left out unless somebody asks for them.
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            auto_enabling_integrations=False,
            integrations=[
                by_flask.FlaskIntegration(),
                by_log.LoggingIntegration(level=None, sentry_logs_level=None),
            ],
        )
    except sentry.utils.BadDsn:
        raise ConfigurationError(
            "SENTRY_DSN is not an address such as https://key@sentry.example.org/1."
        ) from None


def without_people(event: dict, _hint: dict) -> dict:
    """Return the report without what tells who asked; with the id that finds it in the log."""
    event.pop("user", None)
    event.pop("server_name", None)
    about = event.get("request", {})
    event["request"] = {key: about[key] for key in _KEPT_OF_REQUEST if key in about}
    if has_request_context():
        # The rule of the address: what stands in its place may be a name or a token.
        event["request"]["url"] = request.url_rule.rule if request.url_rule else "none"
    event.setdefault("tags", {})["request_id"] = request_ids.current()
    return event
