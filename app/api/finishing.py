"""What every answer of the API gets on its way out."""

from flask import g, request

from ..web.answers import vary_by

_READS = ("GET", "HEAD")
_CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH"}


def finish(response):
    """Tag what was read, and say how much more may be asked for."""
    asked = request._get_current_object()
    if response.status_code == 200 and asked.method in _READS:
        response.add_etag()
        if not _CONDITIONS.isdisjoint(asked.environ):
            response.make_conditional(asked)
    elif response.status_code in (200, 201) and "Location" in response.headers:
        response.add_etag()  # what was made, as its address shows it
    elif response.status_code == 200 and asked.method == "PUT":
        response.add_etag()
    if "Cache-Control" not in response.headers:
        is_read = asked.method in _READS
        response.headers["Cache-Control"] = "private, no-cache" if is_read else "no-store"
    vary_by(response, "Authorization")
    _say_what_is_left(response)
    return response


def _say_what_is_left(response) -> None:
    left = g.pop("left", None)
    if left is not None:
        response.headers["RateLimit-Limit"] = str(left.amount)
        response.headers["RateLimit-Remaining"] = str(left.remaining)
        response.headers["RateLimit-Reset"] = str(left.seconds)
