"""Believable people, posts, comments and follows in bulk, for a site that should look lived in."""

from .content import comments, discussions, posts
from .people import follows, users

__all__ = ["comments", "discussions", "follows", "posts", "users"]
