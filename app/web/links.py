"""Absolute addresses of our own pages, for mails and wherever there is no request."""

from urllib.parse import urlsplit

from flask import current_app


def base_url() -> str:
    """Return where this site is reached, from the settings alone: a request may lie about it."""
    config = current_app.config
    if config["FLASKY_BASE_URL"]:
        return config["FLASKY_BASE_URL"].rstrip("/")
    if config["SERVER_NAME"]:
        return f"{config['PREFERRED_URL_SCHEME']}://{config['SERVER_NAME']}"
    return f"http://localhost:{config['PORT']}"


def external_url(endpoint: str, **values) -> str:
    """Return the absolute address of `endpoint`."""
    parts = urlsplit(base_url())
    adapter = current_app.url_map.bind(
        parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme
    )
    return adapter.build(endpoint, values, force_external=True)
