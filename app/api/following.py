"""Following people."""

from flask import g

from ..policies.people import can_follow
from ..queries.people import followed_by, followers_of, relation
from .blueprint import api
from .errors import Refusal
from .operations import commits, needs, refuse_if_stale
from .paging import collection
from .representations import follow as follow_json
from .schemas import Asked, FollowingSchema, Follows
from .users import load_user


@api.get("/users/<int:id>/followers/")
@needs("read")
@api.arguments(Asked, location="query")
@api.response(200, Follows)
def get_followers(asked, id):
    """List who follows somebody, the newest first."""
    return collection(
        "users",
        followers_of(load_user(id)),
        asked,
        of="FOLLOWERS",
        as_json=lambda row: follow_json(row.follower, row),
    )


@api.get("/users/<int:id>/followed/")
@needs("read")
@api.arguments(Asked, location="query")
@api.response(200, Follows)
def get_followed(asked, id):
    """List whom somebody follows, the newest first."""
    return collection(
        "users",
        followed_by(load_user(id)),
        asked,
        of="FOLLOWERS",
        as_json=lambda row: follow_json(row.followed, row),
    )


@api.get("/users/<int:id>/follow")
@needs("read")
@api.response(200, FollowingSchema)
def get_follow(id):
    """Read whether you follow somebody, and they you."""
    return _between(load_user(id))


@api.put("/users/<int:id>/follow")
@needs("write", can_follow)
@commits
@api.response(200, FollowingSchema)
def follow(id):
    """Follow somebody; once is enough."""
    user = load_user(id)
    refuse_if_stale(_between(user))
    g.current_user.follow(user)
    return _between(user)


@api.delete("/users/<int:id>/follow")
@needs("write", can_follow)
@commits
@api.response(204)
def unfollow(id):
    """Stop following somebody. Nobody can stop following themselves."""
    user = load_user(id)
    refuse_if_stale(_between(user))
    if user.id == g.current_user.id:
        raise Refusal(409, "Nobody can unfollow themselves")
    g.current_user.unfollow(user)


def _between(user) -> dict:
    following, followed_by = relation(g.current_user, user)
    return {"following": following, "followed_by": followed_by}
