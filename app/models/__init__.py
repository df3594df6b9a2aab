"""Rows, their verbs and their yes/no questions: one file a concern."""

from . import counters  # noqa: F401  (listens to the models)
from .api_token import ApiToken
from .comment import Comment
from .follow import Follow
from .idempotency_key import IdempotencyKey
from .job import Job, later
from .landmark import Landmark
from .post import Post
from .rate_limit import RateLimit
from .role import Permission, Role
from .total import Total
from .user import AnonymousUser, User
from .user_session import UserSession

__all__ = [
    "AnonymousUser",
    "ApiToken",
    "Comment",
    "Follow",
    "IdempotencyKey",
    "Job",
    "Landmark",
    "Permission",
    "Post",
    "RateLimit",
    "Role",
    "Total",
    "User",
    "UserSession",
    "later",
]
