"""Sending less: texts that everybody may have, compressed once.

What is made for one person is sent as it is. Whoever can make a browser ask for pages and see how
long the answers are could guess a secret in them, letter by letter (https://breachattack.com).
"""

import gzip
from functools import lru_cache

import brotli
from flask import request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

_TEXTS = {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"}
_WORTHWHILE = 500  # bytes
_COMPRESS = {
    "br": lambda content: brotli.compress(content, quality=7),
    "gzip": lambda content: gzip.compress(content, compresslevel=7, mtime=0),
}


@lru_cache(100)
def encoding_for(accepted: str) -> str:
    """Return the best of our encodings for an `Accept-Encoding` header; "" is none."""
    return parse_accept_header(accepted, Accept).best_match(_COMPRESS, default="")


def compress(response):
    """Compress the answer to this request if everybody may have it, and it is worth it."""
    cache_control = response.headers.get("Cache-Control", "")
    if not cache_control.startswith("public") or response.mimetype not in _TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    encoding = encoding_for(request.headers.get("Accept-Encoding", ""))
    if not encoding or response.status_code != 200 or "Content-Encoding" in response.headers:
        return response
    content = _read(response)
    if len(content) >= _WORTHWHILE:
        response.set_data(_compressed(encoding, content))
        response.headers["Content-Encoding"] = encoding
        _mark(response, encoding)
    return response


def _read(response) -> bytes:
    """Return the whole of an answer, which may be an open file."""
    response.direct_passthrough = False
    source = response.response
    content = response.get_data()
    getattr(source, "close", bool)()
    return content


@lru_cache(100)
def _compressed(encoding: str, content: bytes) -> bytes:
    return _COMPRESS[encoding](content)


def _mark(response, encoding: str) -> None:
    """Let the tag tell this form of the answer from others, and compare it anew."""
    tag, is_weak = response.get_etag()
    if tag:
        response.set_etag(f"{tag}-{encoding}", weak=is_weak)
        response.make_conditional(request)
