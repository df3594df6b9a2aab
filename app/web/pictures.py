"""Storing and sending uploaded pictures."""

import secrets
from typing import BinaryIO

from flask import current_app

from ..adapters.storage import storage_of
from ..lib.pictures import SIZES

# The picture itself may have lib.pictures.MOST_BYTES; a form has other fields besides.
MOST_BYTES_SENT = 6 * 1024 * 1024


def store_picture(squares: dict[int, bytes]) -> str:
    """Store a picture, its WebP by size, and return the name to give to `take_picture`.

    Files that no transaction takes in the end are swept up after a day (app/jobs/pictures.py).
    """
    picture = secrets.token_hex(16)
    for size, webp in squares.items():
        _storage().save(file_name(picture, size), webp)
    return picture


def open_picture(picture: str, size: int) -> BinaryIO:
    """Return the file for reading. Raises FileNotFoundError if there is none."""
    return _storage().open(file_name(picture, size))


def remove_files_of(picture: str) -> None:
    for size in SIZES:
        _storage().delete(file_name(picture, size))


def file_name(picture: str, size: int) -> str:
    return f"pictures/{picture}-{size}.webp"


def _storage():
    return storage_of(current_app._get_current_object())
