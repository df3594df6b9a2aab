"""What protects every request and answer: proxies, https, headers, foreign forms."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, redirect, request, session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from ..web.answers import vary_by
from ..web.cookies import cookie_name
from ..web.links import base_url

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
_SAFE = ("GET", "HEAD", "OPTIONS")


class BoundedIntegerConverter(IntegerConverter):
    """Numbers in addresses that fit the ids of every database; larger ones are not found."""

    def __init__(self, url_map, **options):
        super().__init__(url_map, **{"max": 2**31 - 1, **options})


def init_app(app: Flask) -> None:
    app.wsgi_app = _Headers(app)
    hops = app.config["FLASKY_PROXY_HOPS"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    app.url_map.converters["int"] = BoundedIntegerConverter
    app.before_request(_look_at_request)
    app.after_request(_keep_apart)


class _Headers:
    """Says in every answer what browsers should know, whatever it is about.

    It stands around Flask, which would look at each of seven headers that never change twice more.
    A view that says one of them itself knows better.
    """

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


def _look_at_request():
    asked = request._get_current_object()
    if _belongs_on_https(asked):
        return redirect(asked.url.replace("http://", "https://", 1), code=302)
    _refuse_nul(asked)
    _allow_uploads(asked)  # before anybody reads the form
    if asked.method not in _SAFE:
        _refuse_foreign_forms(asked)
        _refuse_nameless_fields(asked)
    return None


def _belongs_on_https(asked: Request) -> bool:
    # Programs that watch the site ask from within, where there is no certificate.
    return current_app.config["SSL_REDIRECT"] and not asked.is_secure and asked.blueprint != "ops"


def _refuse_nul(asked: Request) -> None:
    """No address of ours holds a NUL, and not every database can be asked about one."""
    if "\0" in asked.path or any("\0" in value for value in asked.args.values()):
        abort(400)


def _allow_uploads(asked: Request) -> None:
    """Let the few views that take files have larger bodies than all others, if it is a file."""
    view = current_app.view_functions.get(asked.endpoint)
    size = getattr(view, "max_content_length", None)
    if size is not None and asked.mimetype.startswith(("multipart/", "image/")):
        asked.max_content_length = size


def _refuse_foreign_forms(asked: Request) -> None:
    """Refuse a form that a page of another site sent, besides the token that it lacks.

    The API takes nobody's cookies, so there is nothing to guard it from.
    """
    if asked.blueprint == "api":
        return
    if asked.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)
    origin = asked.headers.get("Origin")
    if origin and origin != "null" and origin.partition("://")[2] not in _own_hosts(asked):
        abort(403)


def _own_hosts(asked: Request) -> set[str]:
    """The host that was asked for, and the one that people know us by.

    A proxy may have put its own name for us in the place of that.
    """
    return {asked.host, urlsplit(base_url()).netloc}


def _refuse_nameless_fields(asked: Request) -> None:
    """Refuse a multipart form with a part that has no name: nobody expects one."""
    if None in asked.form:
        abort(400)


def _keep_apart(response):
    """Let nobody keep a page that was made for one person: it may hold a token or a message.

    The cookies say so without asking the database, which may be what an error page is about. Nor
    does an address that is as good as a password go on to the next site.
    """
    headers, asked = response.headers, request._get_current_object()
    if asked.view_args and "token" in asked.view_args:
        headers["Referrer-Policy"] = "no-referrer"
    if "Cache-Control" in headers:
        return response
    came_back = cookie_name("remember_me") in asked.cookies
    if session or session.modified or came_back or "Set-Cookie" in headers:
        headers["Cache-Control"] = "private, no-store"
    vary_by(response, "Cookie")
    return response
