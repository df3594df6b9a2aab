"""The cookies of a sign-in, and of what a reader chose."""

import json
import secrets
from contextlib import suppress
from functools import lru_cache
from json import JSONEncoder
from time import time
from typing import Any

from flask import Flask, Response, after_this_request, current_app, request
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import (
    BadSignature,
    Serializer,
    SignatureExpired,
    URLSafeTimedSerializer,
    base64_encode,
)

from ..lib import tokens
from ..models.account_tokens import signing_keys
from ..models.user_session import REMEMBERED_FOR
from .answers import vary_by

_YEAR = int(REMEMBERED_FOR.total_seconds())
_MOST_COOKIES = 500  # whose signature is remembered; each has some hundred bytes, or some thousand


def cookie_name(name: str) -> str:
    """Return what the cookie is called here; over https the prefix ties it to this host."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def set_remember_cookie(session_id: int, secret: str) -> None:
    """Let the browser come back to this session for a year."""
    _set(
        "remember_me",
        tokens.sign(signing_keys(), "remember", {"session": session_id, "secret": secret}, _YEAR),
    )


def read_remember_cookie() -> tuple[int, str] | None:
    """Return the session and the secret that the browser remembers, if we once gave it them."""
    claims = _read("remember_me", "remember")
    return (claims["session"], claims["secret"]) if claims else None


def forget_remember_cookie() -> None:
    if cookie_name("remember_me") not in request.cookies:
        return

    @after_this_request
    def forget(response):
        response.delete_cookie(
            cookie_name("remember_me"),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def mark_device(user) -> None:
    """Let the browser prove later that `user` has signed in with it before."""
    if known_device(user) is None:
        claims = {"user": user.id, "device": secrets.token_hex(8)}
        _set("device", tokens.sign(signing_keys(), "device", claims, _YEAR))


def known_device(user) -> str | None:
    """Return what tells this browser from others that `user` signed in with, or None."""
    claims = _read("device", "device")
    return claims["device"] if claims and user and claims["user"] == user.id else None


def _read(name: str, purpose: str) -> dict | None:
    value = request.cookies.get(cookie_name(name))
    return tokens.read(signing_keys(), purpose, value) if value else None


def _set(name: str, value: str) -> None:
    @after_this_request
    def remember(response):
        response.set_cookie(
            cookie_name(name),
            value,
            max_age=_YEAR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def chosen_theme() -> str:
    """Return `light` or `dark` if the reader wants one of them whatever their device says."""
    theme = request.cookies.get("theme")
    return theme if theme in ("light", "dark") else ""


class SessionJSON(TaggedJSONSerializer):
    """The JSON of Flask's sessions, which knows tuples as well, without asking the application."""

    _WORDS = (str, int, bool, type(None))  # that need no tag, and are most of what a session holds
    _encode = JSONEncoder(separators=(",", ":")).encode

    def tag(self, value: Any) -> Any:
        return value if type(value) in self._WORDS else super().tag(value)

    def dumps(self, value: Any) -> str:
        return self._encode(self.tag(value))

    def loads(self, value: str | bytes) -> Any:
        return self._untag_scan(json.loads(value))


class SessionSerializer(URLSafeTimedSerializer):
    """Signs what a session holds, and reads it again.

    It checks the signature of a text once: browsers bring the same each time. What the text says
    is read anew for everybody, since sessions are changed in place.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._unsigned = lru_cache(_MOST_COOKIES)(self._unsign)

    def dump_payload(self, obj: Any) -> bytes:
        """Return what will be signed: not compressed, as a few hundred bytes gain little."""
        return base64_encode(Serializer.dump_payload(self, obj))

    def loads(self, text: str, max_age: int) -> Any:
        """Return what was signed. Raises BadSignature if it was not, or that is too long ago."""
        payload, signed_at = self._unsigned(text)
        if not 0 <= int(time()) - signed_at <= max_age:
            raise SignatureExpired("This is too old.", payload=payload)
        return self.load_payload(payload)

    def _unsign(self, text: str) -> tuple[bytes, int]:
        """Return what `text` holds and the second in which it was signed, if by one of our keys."""
        for signer in self.iter_unsigners():
            with suppress(BadSignature):
                payload, signed_at = signer.unsign(text, return_timestamp=True)
                return payload, int(signed_at.timestamp())
        raise BadSignature("Nobody of ours has signed this.", payload=text)


class SessionInterface(SecureCookieSessionInterface):
    """Flask's signed session cookie, whose serializer is made once instead of for each request."""

    serializer = SessionJSON()

    def __init__(self):
        super().__init__()
        self._made: dict[tuple, SessionSerializer] = {}

    def get_signing_serializer(self, app: Flask) -> "SessionSerializer | None":
        if not app.secret_key:
            return None
        keys = (*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key)
        if keys not in self._made:
            how = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
            serializer = SessionSerializer(
                list(keys), salt=self.salt, serializer=self.serializer, signer_kwargs=how
            )
            self._made = {keys: serializer}
        return self._made[keys]

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or self.should_set_cookie(app, session):
            super().save_session(app, session, response)
        elif session.accessed:
            vary_by(response, "Cookie")
