"""Requests that may be sent again: the same key and body get the same answer, and act once.

A client that hears nothing does not know whether it was heard. With an Idempotency-Key it can ask
again: the first answer is kept with the act, in one transaction, for a day.
"""

import hashlib
import json
import re

from flask import Response, current_app, g, request

from ..lib.sealing import seal, unseal
from ..lib.tokens import digest
from ..models.account_tokens import signing_keys
from ..models.idempotency_key import IdempotencyKey, claim
from ..web.throttle import client_network
from .errors import Refusal

HEADER = "Idempotency-Key"
LONGEST = 255
PATTERN = r"^[!-~]{1,255}$"
_KEPT = ("content-type", "location")


def requested_key() -> str | None:
    """Return the key that the client sent with a POST, if any."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return None
    if not re.fullmatch(PATTERN, key):
        raise Refusal(400, f"{HEADER} must be 1 to {LONGEST} visible ASCII characters")
    return key


def answer_once(key: str, act) -> Response:
    """Return what `act()` answers, or what it answered to an earlier request with `key`.

    The caller commits. Raises Refusal if the key came with another request before.
    """
    user = g.current_user
    whose = f"user {user.id}" if user else f"network {client_network()}"
    fingerprint = _fingerprint(key)
    row = claim(
        digest(f"{whose}\0{key}"), user_id=user.id if user else None, fingerprint=fingerprint
    )
    if row.fingerprint != fingerprint:
        raise Refusal(409, f"This {HEADER} was sent with another request")
    if row.answer is not None:
        return _replay(key, row)
    response = act()
    row.answer = seal(_secret(key, signing_keys()[-1]), _write(response))
    return response


def _fingerprint(key: str) -> str:
    # The key is kept nowhere, so that nobody can try which password was in the body.
    parts = (key, request.method, request.full_path, request.get_data().hex())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _secret(key: str, signing_key: str) -> str:
    return f"{signing_key}\0{key}"


def _write(response: Response) -> str:
    headers = [pair for pair in response.headers if pair[0].lower() in _KEPT]
    return json.dumps([response.status_code, headers, response.get_data(as_text=True)])


def _replay(key: str, row: IdempotencyKey) -> Response:
    texts = (unseal(_secret(key, signing_key), row.answer) for signing_key in signing_keys())
    text = next((text for text in texts if text is not None), None)
    if text is None:  # SECRET_KEY was replaced since
        raise Refusal(409, f"The answer to this {HEADER} cannot be read any more")
    status, headers, body = json.loads(text)
    response = current_app.response_class(body, status, headers)
    response.headers["Idempotent-Replayed"] = "true"
    return response
