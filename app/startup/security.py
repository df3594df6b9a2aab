"""What protects every request and answer: proxies, https, foreign forms, what may be kept."""

from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, redirect, request, session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from ..web.answers import vary_by
from ..web.cookies import cookie_name
from ..web.links import base_url

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
    app.before_request(_look_at_request)
    app.after_request(_keep_apart)


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
