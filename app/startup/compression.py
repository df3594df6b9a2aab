"""Compressing what everybody may have."""

from flask import Flask

from ..web.compression import compress


def init_app(app: Flask) -> None:
    app.after_request(compress)
