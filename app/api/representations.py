"""JSON of what the contract does not name; posts, comments and users know their own."""

from ..lib.pictures import SIZES
from ..models import ApiToken, Comment, User, UserSession
from ..models.representation import API, http_date
from ..web.avatars import picture_url


def profile(user: User) -> dict:
    """What everybody sees on a profile."""
    names = ("username", "name", "location", "about_me")
    return {
        "url": f"{API}/users/{user.id}",
        **{name: getattr(user, name) for name in names},
        "picture_url": picture_url(user.picture, max(SIZES)) if user.picture else None,
    }


def account(user: User) -> dict:
    """What only the person and administrators see."""
    return {
        **profile(user),
        "email": user.email,
        "confirmed": bool(user.confirmed),
        "role": user.role.name if user.role else None,
    }


def moderated(comment: Comment) -> dict:
    """A comment with its text, whether it is disabled or not."""
    return {**comment.to_json(), "body": comment.body, "body_html": comment.body_html}


def token(row: ApiToken) -> dict:
    return {
        "url": f"{API}/me/tokens/{row.id}",
        "name": row.name,
        "scopes": row.scopes.split(),
        "created_at": http_date(row.created_at),
        "expires_at": http_date(row.expires_at),
        "last_used_at": http_date(row.last_used_at),
    }


def session(row: UserSession) -> dict:
    return {
        "url": f"{API}/me/sessions/{row.id}",
        "device": row.device,
        "ip_address": row.ip_address,
        "created_at": http_date(row.created_at),
        "last_used_at": http_date(row.last_used_at),
    }


def follow(user: User, row) -> dict:
    """The row of a follow, as seen from the other end: `user`."""
    return {
        "user_url": f"{API}/users/{user.id}",
        "username": user.username,
        "timestamp": http_date(row.timestamp),
    }
