"""What protects every request and answer: proxies, https, headers, foreign forms."""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from ..web.cookies import cookie_name
from ..web.links import base_url

_SET = {
    "Content-Security-Policy": "; ".join(
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
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HEADERS = [(name.lower(), (name, value)) for name, value in _SET.items()]
_GRAVATAR = "https://secure.gravatar.com"
_SAFE = ("GET", "HEAD", "OPTIONS")


class BoundedIntegerConverter(IntegerConverter):
    """Numbers in addresses that fit the ids of every database; larger ones are not found."""

    def __init__(self, url_map, **options):
        super().__init__(url_map, **{"max": 2**31 - 1, **options})


def init_app(app: Flask) -> None:
    hops = app.config["FLASKY_PROXY_HOPS"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    app.url_map.converters["int"] = BoundedIntegerConverter
    app.before_request(_redirect_to_https)
    app.before_request(_refuse_nul)
    app.before_request(_allow_uploads)  # before anybody reads the form
    app.before_request(_refuse_foreign_forms)
    app.before_request(_refuse_nameless_fields)
    app.after_request(_set_headers)


def _redirect_to_https():
    if request.blueprint == "ops":  # asked from within, where there is no certificate
        return None
    if current_app.config["SSL_REDIRECT"] and not request.is_secure:
        return redirect(request.url.replace("http://", "https://", 1), code=302)
    return None


def _refuse_nul() -> None:
    """No address of ours holds a NUL, and not every database can be asked about one."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(400)


def _allow_uploads() -> None:
    """Let the few views that take files have larger bodies than all others, if it is a file."""
    view = current_app.view_functions.get(request.endpoint)
    size = getattr(view, "max_content_length", None)
    if size is not None and request.mimetype.startswith(("multipart/", "image/")):
        request.max_content_length = size


def _refuse_foreign_forms() -> None:
    """Refuse a form that a page of another site sent, besides the token that it lacks.

    The API takes nobody's cookies, so there is nothing to guard it from.
    """
    if request.method in _SAFE or request.blueprint == "api":
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)
    origin = request.headers.get("Origin")
    if origin and origin != "null" and origin.partition("://")[2] not in _own_hosts():
        abort(403)


def _own_hosts() -> set[str]:
    """The host that was asked for, and the one that people know us by.

    A proxy may have put its own name for us in the place of that.
    """
    return {request.host, urlsplit(base_url()).netloc}


def _refuse_nameless_fields() -> None:
    """Refuse a multipart form with a part that has no name: nobody expects one."""
    if request.method not in _SAFE and None in request.form:
        abort(400)


def _set_headers(response):
    headers = response.headers
    given = {name.lower() for name, _ in headers}
    headers.extend([pair for lower, pair in _HEADERS if lower not in given])
    if current_app.config["FLASKY_AVATARS"] == "gravatar":
        policy = response.headers["Content-Security-Policy"]
        response.headers["Content-Security-Policy"] = policy.replace(
            "img-src 'self'", f"img-src 'self' {_GRAVATAR}"
        )
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.view_args and "token" in request.view_args:
        response.headers["Referrer-Policy"] = "no-referrer"
    if "cache-control" not in given:
        _keep_private(response)
    return response


def _keep_private(response) -> None:
    """Let nobody keep a page that was made for one person: it may hold a token or a message.

    The cookies say so without asking the database, which may be what an error page is about.
    """
    came_back = cookie_name("remember_me") in request.cookies
    if session or session.modified or came_back or "Set-Cookie" in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    response.vary.add("Cookie")
