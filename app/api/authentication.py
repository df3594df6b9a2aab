"""Who asks: by the Authorization header alone. A session cookie opens nothing here."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from flask import g, request

from ..database import primary, writing
from ..extensions import db
from ..lib import api_tokens
from ..models import User
from ..models.api_token import SCOPES
from ..queries.api_tokens import token_in_use
from ..queries.people import user_with_email, user_with_role
from ..web import presence
from ..web.attempts import authenticate
from ..web.own_writes import see_own_writes
from ..web.throttle import client_network

CHALLENGE = {"WWW-Authenticate": 'Basic realm="Authentication Required"'}
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Viewer:
    """Who asks, with the powers of their role as far as the scopes of their token let through.

    The policies ask it the questions that they ask a User.
    """

    user: User
    scopes: frozenset[str]

    @property
    def id(self) -> int:
        return self.user.id

    def can(self, permission: int) -> bool:
        lent = 0
        for scope in self.scopes:
            lent |= SCOPES[scope]
        return lent & permission == permission and self.user.can(permission)

    def is_administrator(self) -> bool:
        return self.can(SCOPES["admin"])


def current_viewer() -> Viewer:
    return Viewer(g.current_user, g.scopes)


def identify() -> User | None:
    """Return who asks, or None if that is not known. Asked once a request.

    Sets g.current_user, g.token_used (whether it was by a token), g.scopes, and g.api_token, the
    row of the token, if it has one.
    """
    # A context may outlive a request, and with it g.
    known, asked = g._get_current_object(), request._get_current_object()
    if known.get("identified") is not asked:
        known.identified = asked
        known.current_user, known.token_used, known.api_token = None, False, None
        known.scopes = frozenset(SCOPES)
        with primary():  # a token that was revoked ends at once
            known.current_user = _ask()
        see_own_writes(known.current_user)
    return known.current_user


def _ask() -> User | None:
    sent = request.authorization
    if sent is None:
        return None
    if sent.type == "basic":
        return _verify_basic(sent.username, sent.password)
    return _verify_token(sent.token) if sent.type == "bearer" and sent.token else None


def _verify_basic(name: str, password: str) -> User | None:
    if not name or _NO_TEXT.search(name + password):
        return None
    return _verify_password(name, password) if password else _verify_token(name)


def _verify_token(token: str) -> User | None:
    g.token_used = True
    if not token.startswith(api_tokens.PREFIX):
        # With the role: lists would not let it be loaded later.
        return User.verify_auth_token(token, user_with_role)
    row = token_in_use(token) if api_tokens.is_well_formed(token) else None
    if row is None:
        return None
    g.api_token, g.scopes = row, row.scope_set
    presence.note_use(row)
    return row.user


def _verify_password(email: str, password: str) -> User | None:
    """Return the user with this address and password.

    Programs send the password with each request, so one that was right is remembered for a minute:
    it costs neither the hash nor the counters of tries again. Counting a try is a write, the only
    one that reading may cause.
    """
    proof = _proof_of(email, password)
    user = user_with_email(email) if recent.holds(proof) else None
    if user is not None and recent.holds(proof, user.password_hash):
        return user
    db.session.rollback()  # the request may have opened a transaction that only reads
    with writing():
        user = authenticate(email, password)
        found = user and (user.id, user.password_hash)
        db.session.commit()
    if found is None:
        return None
    user_id, password_hash = found
    recent.add(proof, password_hash)
    return user_with_role(user_id)


def _proof_of(email: str, password: str) -> bytes:
    """Return a digest of the credentials that only this process can compute.

    The network is part of it: somebody elsewhere who guesses is counted, also while it is kept.
    """
    said = "\0".join((client_network(), email.lower(), password)).encode()
    return hashlib.blake2b(said, key=_key).digest()


class _Recent:
    """Proofs of credentials that were right within the last minute."""

    LASTS, MOST = 60, 1000  # seconds, proofs

    def __init__(self):
        self._lock = Lock()
        self._known: dict[bytes, tuple[str, float]] = {}

    def holds(self, proof: bytes, password_hash: str | None = None) -> bool:
        known_hash, until = self._known.get(proof, ("", 0))
        return monotonic() < until and password_hash in (None, known_hash)

    def forget(self) -> None:
        self._known.clear()

    def add(self, proof: bytes, password_hash: str) -> None:
        with self._lock:
            if len(self._known) >= self.MOST:
                self._known.clear()
            self._known[proof] = password_hash, monotonic() + self.LASTS


_key = secrets.token_bytes(32)
recent = _Recent()
