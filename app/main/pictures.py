"""The pictures that people uploaded, under addresses of their own."""

import re

from flask import Response, abort, request

from ..web.pictures import open_picture
from .blueprint import main

_HEX = re.compile(r"[0-9a-f]{32}")
_YEAR = 365 * 24 * 60 * 60


@main.get("/picture/<string(length=32):picture>-<any('256','512'):size>.webp")
def picture(picture, size):
    """Send a picture as what it is and nothing else, whatever a browser may take it for."""
    if not _HEX.fullmatch(picture):
        abort(404)
    try:
        file = open_picture(picture, int(size))
    except FileNotFoundError:
        abort(404)
    with file:
        response = Response(file.read(), mimetype="image/webp")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline; filename=picture.webp"
    # A name stands for one picture for ever.
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    response.set_etag(f"{picture}-{size}")
    return response.make_conditional(request)
