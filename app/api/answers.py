"""Answers that several routes give."""

from flask import current_app, request

CREATED = {"Location": {"description": "Where it is", "schema": {"type": "string"}}}


def created(representation: dict) -> tuple[dict, int, dict]:
    """Answer that what `representation` shows was made; its address, in full, is in Location."""
    return representation, 201, {"Location": _absolute(representation["url"])}


def _absolute(path: str) -> str:
    # Without a setting the host of the request will do: it is one of those that we trust.
    base = current_app.config["FLASKY_BASE_URL"] or request.host_url
    return base.rstrip("/") + path
