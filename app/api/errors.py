"""Errors as JSON: one shape for everything below /api/."""

from flask import current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from ..exceptions import RateLimitExceeded

PREFIX = "/api/"
_MESSAGES = {
    400: "The request makes no sense to this site",
    403: "Insufficient permissions",
    404: "There is nothing at this address",
    405: "This address does not take this method",
    412: "It has changed since you read it",
    413: "The request is too large",
    415: "Send the body as application/json",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "The site cannot reach its data just now; ask again in a moment",
}
_NAMES = {412: "precondition failed", 413: "content too large"}
_KEPT_HEADERS = ("allow", "retry-after", "www-authenticate")


class Refusal(Exception):
    """The request is answered with an error; `fields` says what is wrong with which field."""

    def __init__(self, status: int, message: str, *, fields: dict | None = None, headers=None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.fields = fields
        self.headers = headers or {}


def is_for_programs() -> bool:
    """Tell whether this request, known address or not, wants its errors as JSON."""
    return request.path.startswith(PREFIX)


def answer_refusal(error: Refusal):
    return _answer(error.status, error.message, error.fields, error.headers)


def answer_http_error(error: HTTPException):
    headers = {name: text for name, text in error.get_headers() if name.lower() in _KEPT_HEADERS}
    return _answer(error.code, _MESSAGES.get(error.code, error.name), headers=headers)


def answer_rate_limit(error: RateLimitExceeded):
    return _answer(429, _MESSAGES[429], headers={"Retry-After": str(error.retry_after)})


def answer_trouble(retry_after: int):
    return _answer(503, _MESSAGES[503], headers={"Retry-After": str(retry_after)})


def answer_fault():
    return _answer(500, _MESSAGES[500])


def _answer(status: int, message: str, fields: dict | None = None, headers: dict | None = None):
    body = {"error": _name(status), "message": message}
    if fields:
        body["fields"] = fields
    response = jsonify(body)
    response.status_code = status
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def _name(status: int) -> str:
    return _NAMES.get(status) or current_app.response_class(status=status).status[4:].lower()
