"""The ops blueprint and its gate: whether the site is well may be known to all, figures not."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, abort, current_app, request

ops = Blueprint("ops", __name__)

_OPEN = ("ops.live", "ops.ready")
_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Host", "Via")


@ops.before_request
def _gate() -> None:
    """Answer outsiders as if there were nothing, so that nobody learns what to guess."""
    if request.endpoint not in _OPEN and not (_has_token() or _is_of_this_machine()):
        abort(404)


def _has_token() -> bool:
    token = current_app.config["FLASKY_METRICS_TOKEN"]
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    is_right = hmac.compare_digest(given.strip().encode(), (token or "").encode())
    return bool(token) and scheme.lower() == "bearer" and is_right


def _is_of_this_machine() -> bool:
    """Whether it came from here directly. What a proxy on this machine passes on did not."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:  # a socket file has no address
        return False
