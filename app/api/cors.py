"""Letting pages of other sites use the API, if their origin is on the list. Off by default.

They have to send a token themselves: cookies are never asked for, nor would they open anything.
"""

from flask import current_app, request

from .errors import is_for_programs

_METHODS = "GET, POST, PUT, DELETE"
_SENT = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
_READ = (
    "ETag, Location, Retry-After, Idempotent-Replayed, "
    "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
)
_TEN_MINUTES = "600"


def allow_origins(response):
    """Tell the browser whether the page that asks may read the answer."""
    origins = current_app.config["FLASKY_API_ORIGINS"].split()
    if not origins or not is_for_programs():
        return response
    response.vary.add("Origin")
    if request.headers.get("Origin") not in origins:
        return response
    response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    response.headers["Access-Control-Expose-Headers"] = _READ
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _SENT
        response.headers["Access-Control-Max-Age"] = _TEN_MINUTES
    return response
