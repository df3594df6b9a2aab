"""What protects every request and answer: proxies, https, foreign forms, what may be kept."""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from ..web.cookies import cookie_name, vary_by_cookie
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
    app.before_request(_redirect_to_https)
    app.before_request(_refuse_nul)
    app.before_request(_allow_uploads)  # before anybody reads the form
    app.before_request(_refuse_foreign_forms)
    app.before_request(_refuse_nameless_fields)
    app.after_request(_keep_apart)


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


def _keep_apart(response):
    """Let nobody keep a page that was made for one person: it may hold a token or a message.

    The cookies say so without asking the database, which may be what an error page is about. Nor
    does an address that is as good as a password go on to the next site.
    """
    headers = response.headers
    if request.view_args and "token" in request.view_args:
        headers["Referrer-Policy"] = "no-referrer"
    if "Cache-Control" in headers:
        return response
    came_back = cookie_name("remember_me") in request.cookies
    if session or session.modified or came_back or "Set-Cookie" in headers:
        headers["Cache-Control"] = "private, no-store"
    vary_by_cookie(response)
    return response
