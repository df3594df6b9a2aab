"""The door for programs: the same models, policies and queries as the site, spoken in JSON."""

from . import (  # noqa: F401
    accounts,
    administration,
    comments,
    document,
    following,
    me,
    moderation,
    posts,
    registration,
    tokens,
    users,
)
from .blueprint import api

__all__ = ["api"]
