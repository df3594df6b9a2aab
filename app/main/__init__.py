"""The door for readers and writers: anybody may look, and permissions say who may do more."""

from . import appearance, comments, following, moderation, people, pictures, posts  # noqa: F401
from .blueprint import main

__all__ = ["main"]
