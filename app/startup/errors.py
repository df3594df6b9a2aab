"""Friendly answers when something cannot be done."""

import logging

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from ..api import errors as api_errors
from ..auth.interruption import recover_from_csrf_failure, recover_from_ended_session
from ..database import DATABASE_ERRORS, trouble_with
from ..exceptions import RateLimitExceeded
from ..extensions import db
from ..lib.database_errors import Trouble
from .repetition import may_be_repeated

# Title and heading are the contract's where it names them; the rest says what to do next.
_PAGES = {
    400: (
        "Bad Request",
        "Your browser sent something that this site cannot make sense of. "
        "Go back, load the page anew and try once more.",
    ),
    403: (
        "Forbidden",
        "You may not see or do this with the account you are using.",
    ),
    404: (
        "Not Found",
        "There is nothing at this address. It may have been deleted, or mistyped.",
    ),
    405: (
        "Method Not Allowed",
        "This address takes something from a form; there is nothing to look at.",
    ),
    413: (
        "Too Large",
        "What you sent is larger than this site accepts. "
        "Go back, your text is still there, and make it shorter.",
    ),
    429: (
        "Too Many Requests",
        "This was tried too often within a short time. Your account is safe.",
    ),
}
_SOON = 5  # seconds until it makes sense to ask a database again that was away
_TITLES = {404: "Page Not Found"}
_AFTER_WRITING = (404, 429)  # refused by a view: its form was one of ours


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(CSRFError, _answer_csrf_failure)
    app.register_error_handler(RateLimitExceeded, _answer_rate_limit)
    app.register_error_handler(500, _answer_fault)
    for trouble in DATABASE_ERRORS:
        app.register_error_handler(trouble, _answer_database_trouble)


def _answer(error: HTTPException):
    if api_errors.is_for_programs():
        return api_errors.answer_http_error(error)
    if isinstance(error, SecurityError):
        return _answer_unknown_host()
    if error.code == 403 and (page := recover_from_ended_session()):
        return page
    code = error.code
    heading, explanation = _PAGES.get(code, (error.name, error.description))
    response = _json(code, heading) or _page(code, heading, explanation)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _answer_unknown_host():
    """Answer without a template: there is no telling what the links on the page would be."""
    text = (
        "Bad Request: this site is not known under that name. "
        "Whoever runs it can allow further names with FLASKY_ALLOWED_HOSTS.\n"
    )
    return _json(400, "Bad Request") or Response(text, 400, mimetype="text/plain")


def _answer_csrf_failure(error: CSRFError):
    page = _json(400, "Bad Request") or recover_from_csrf_failure(error)
    return page or _page(
        400,
        "Bad Request",
        f"{error.description} Go back, load the page anew and send the form once more.",
    )


def _answer_rate_limit(error: RateLimitExceeded):
    if api_errors.is_for_programs():
        return api_errors.answer_rate_limit(error)
    heading, explanation = _PAGES[429]
    response = _json(429, heading) or _page(429, heading, explanation, error.retry_after)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _answer_fault(_error):
    """The page of a fault of ours. It asks the database nothing: that may be what is broken."""
    db.session.rollback()
    if api_errors.is_for_programs():
        return api_errors.answer_fault()
    return _json(500, "Internal Server Error") or _page_without_database(500)


def _answer_database_trouble(error):
    """Answer that the database is in trouble; nobody sees it when the request is repeated."""
    db.session.rollback()
    will_be_repeated = may_be_repeated(error)
    trouble = trouble_with(error)
    if not will_be_repeated and trouble in (None, Trouble.LOST_RACE):
        raise error
    reason = str(getattr(error, "orig", error)).splitlines()[0]
    current_app.logger.log(
        logging.INFO if will_be_repeated else logging.ERROR,
        "%s %s: %s (%s)",
        request.method,
        request.endpoint,
        trouble.value,
        reason,
    )
    if api_errors.is_for_programs():
        return api_errors.answer_trouble(_SOON)
    response = _json(503, "Service Unavailable") or _page_without_database(503)
    response.headers["Retry-After"] = str(_SOON)
    return response


def _page_without_database(code: int):
    # Not render_template: it would load the user for templates that ask for one.
    page = current_app.jinja_env.get_template("500.html")
    return make_response(page.render(code=code), code)


def _page(code: int, heading: str, explanation: str, retry_after: int | None = None):
    text = render_template(
        "error.html",
        code=code,
        title=_TITLES.get(code, heading),
        heading=heading,
        explanation=explanation,
        retry_after=retry_after,
        written=_written() if code in _AFTER_WRITING else None,
    )
    return make_response(text, code)


def _written() -> str | None:
    """Return the text that came with the request, for its author to take elsewhere.

    An address that does not exist checks no form: what is sent there may be anybody's.
    """
    return request.form.get("body") if request.method == "POST" and request.endpoint else None


def _json(code: int, name: str):
    """Answer with JSON if that is what the client takes, and HTML is not."""
    accepted = request.accept_mimetypes
    if accepted.accept_json and not accepted.accept_html:
        response = jsonify(error=name.lower())
        response.status_code = code
        return response
    return None
