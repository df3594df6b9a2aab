"""How much may be asked for: by a token, by an account, and by an address without either."""

from flask import current_app, g, request

from ..web.throttle import client_network
from .authentication import identify


def apply_limits(limiter, blueprint) -> None:
    """Count the requests to `blueprint` against the settings FLASKY_LIMIT_API_*."""
    for name, key, applies in (
        ("API_TOKEN", _token, lambda: identify() is not None and g.token_used),
        ("API_ACCOUNT", _account, lambda: identify() is not None),
        ("API_ADDRESS", client_network, lambda: identify() is None),
    ):
        limiter.shared_limit(
            _setting(name),
            scope=name,
            key_func=key,
            exempt_when=_unless(applies),
        )(blueprint)


def _setting(name: str):
    return lambda: current_app.config[f"FLASKY_LIMIT_{name}"]


def _unless(applies):
    def is_exempt() -> bool:
        is_off = not current_app.config["RATELIMIT_ENABLED"]
        return is_off or request.method == "OPTIONS" or not applies()

    return is_exempt


def _token() -> str:
    row = g.api_token
    return f"token {row.id}" if row else f"short-lived token of {g.current_user.id}"


def _account() -> str:
    return f"user {g.current_user.id}"
