"""What every answer says to browsers, whatever it is about.

It is added around Flask: there each header would be looked at twice more, for seven that never
change. A view that says one of them itself knows better.
"""

from collections.abc import Callable

from flask import Flask

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
_CONTENT = ("Content-Security-Policy", _POLICY)
_GRAVATARS = (
    "Content-Security-Policy",
    _POLICY.replace("img-src 'self'", "img-src 'self' https://secure.gravatar.com"),
)
_SET = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
_ONLY_HTTPS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def init_app(app: Flask) -> None:
    app.wsgi_app = _Headers(app)


class _Headers:
    """WSGI middleware around the application."""

    def __init__(self, app: Flask):
        self._application, self._settings = app.wsgi_app, app.config

    def __call__(self, environ: dict, start_response: Callable):
        ours = [_GRAVATARS if self._settings["FLASKY_AVATARS"] == "gravatar" else _CONTENT, *_SET]
        if environ["wsgi.url_scheme"] == "https":
            ours.append(_ONLY_HTTPS)

        def start(status: str, headers: list[tuple[str, str]], exc_info=None):
            said = {name.lower() for name, _ in headers}
            more = [pair for pair in ours if pair[0].lower() not in said]
            return start_response(status, headers + more, exc_info)

        return self._application(environ, start)
