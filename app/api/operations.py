"""What stands before and after a route: who may come, the transaction, and stale updates."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from flask import current_app, g, request
from flask_smorest import Blueprint

from ..extensions import db
from .authentication import CHALLENGE, current_viewer, identify
from .errors import Refusal
from .retries import answer_once, requested_key


@dataclass(frozen=True)
class Needs:
    """Who may ask for an operation; nothing is asked of strangers where `scope` is None."""

    scope: str | None
    policy: Callable | None = None  # can_x(viewer), where that is known before anything is read
    password: bool = False  # tokens are refused
    unconfirmed: bool = False  # also those who have not confirmed their address


def needs(scope: str | None, policy: Callable | None = None, **more):
    """Say on a view who may ask for it; see Needs."""
    required = Needs(scope, policy, **more)

    def mark(view):
        @wraps(view)
        def marked(*args, **kwargs):
            return view(*args, **kwargs)

        marked.needs = required
        tag = view.__module__.rpartition(".")[2]
        described = Blueprint.doc(
            operationId=view.__name__, tags=[tag], security=_security(required)
        )
        return described(marked)

    return mark


def _security(required: Needs) -> list:
    if required.scope is None:
        return []
    return [{"basic": []}] if required.password else [{"basic": []}, {"bearer": []}]


def admit() -> None:
    """Let nobody through to a view who may not ask for it; the gate of the API."""
    required = current_app.view_functions[request.endpoint].needs
    user = identify()
    if required.scope is None:
        return
    if user is None or (required.password and g.token_used):
        raise Refusal(401, "Invalid credentials", headers=CHALLENGE)
    if not user.confirmed and not required.unconfirmed:
        raise Refusal(403, "Unconfirmed account")
    if required.scope not in g.scopes:
        raise Refusal(403, "Insufficient permissions")
    check(required.policy is None or required.policy(current_viewer()))


def check(allowed: bool) -> None:
    """Refuse unless `allowed`, which is what a policy said."""
    if not allowed:
        raise Refusal(403, "Insufficient permissions")


def commits(view):
    """Commit what a view did, together with its answer where the client may ask for that again."""

    @wraps(view)
    def committed(*args, **kwargs):
        key = requested_key()
        if key is None:
            response = view(*args, **kwargs)
        else:
            response = answer_once(key, lambda: view(*args, **kwargs))
        db.session.commit()
        return response

    committed.commits = True
    return committed


def etag_of(representation: dict) -> str:
    """Return the tag that a GET of `representation` carries."""
    response = current_app.json.response(representation)
    response.add_etag()
    return response.get_etag()[0]


def refuse_if_stale(representation: dict) -> None:
    """Refuse an update by somebody who has not seen the resource as it is now.

    Only who sends If-Match asks for that.
    """
    if "If-Match" in request.headers and not request.if_match.contains(etag_of(representation)):
        raise Refusal(412, "It has changed since you read it")
