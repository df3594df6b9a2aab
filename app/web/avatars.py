"""Where somebody's picture is."""

from flask import current_app, url_for
from sqlalchemy import Row

from ..lib.avatars import gravatar_hash, gravatar_url
from ..lib.pictures import SIZES
from ..models import User


def avatar_url(user: User | Row | None, size: int) -> str:
    """Return the address of a picture of `user`, `size` CSS pixels wide and high."""
    if user is not None and current_app.config["FLASKY_AVATARS"] == "gravatar":
        picture = user.avatar_hash or (gravatar_hash(user.email) if user.email else None)
        # Sharp on dense screens.
        return gravatar_url(picture, size=2 * size, default="identicon", rating="g")
    if user is not None and user.picture:
        return picture_url(user.picture, size)
    return url_for("main.avatar", name=(user and user.username) or "nobody")


def picture_url(picture: str, size: int) -> str:
    """Return the address of an uploaded picture, for `size` CSS pixels on dense screens."""
    pixels = next((side for side in SIZES if side >= 2 * size), max(SIZES))
    return url_for("main.picture", picture=picture, size=str(pixels))


def display_name(user: User | None) -> str:
    """Return what to call `user`, who may have neither a user name nor a real one."""
    return (user and (user.username or user.name)) or "Someone"


def face(user: User) -> tuple:
    """Return all that the two above show of `user`, for the key of a fragment that shows it."""
    avatars = current_app.config["FLASKY_AVATARS"]
    return (user.username, user.name, user.picture, user.avatar_hash or user.email, avatars)
