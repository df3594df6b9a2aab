"""People, as everybody sees them, and what they wrote."""

from flask import abort, g

from ..models import User
from ..queries.people import user_named, user_with_role
from ..queries.posts import followed_posts, posts_by
from .blueprint import api
from .kept import POSTS
from .operations import needs
from .paging import kept_collection
from .representations import profile
from .schemas import Asked, Posts, ProfileSchema, UserSchema


def load_user(user_id: int) -> User:
    if user_id == g.current_user.id:
        return g.current_user
    return user_with_role(user_id) or abort(404)


@api.get("/users/<int:id>")
@needs("read")
@api.response(200, UserSchema)
def get_user(id):
    """Read who somebody is."""
    return load_user(id).to_json()


@api.get("/users/named/<string(maxlength=64):username>")
@needs("read")
@api.response(200, UserSchema)
def get_user_named(username):
    """Find somebody by their exact user name."""
    return (user_named(username) or abort(404)).to_json()


@api.get("/users/<int:id>/profile")
@needs("read")
@api.response(200, ProfileSchema)
def get_profile(id):
    """Read what somebody says about themselves."""
    return profile(load_user(id))


@api.get("/users/<int:id>/posts/")
@needs("read")
@api.arguments(Asked, location="query")
@api.response(200, Posts)
def get_user_posts(asked, id):
    """List somebody's posts, newest first."""
    return kept_collection(POSTS, posts_by(load_user(id)), asked, of="POSTS")


@api.get("/users/<int:id>/timeline/")
@needs("read")
@api.arguments(Asked, location="query")
@api.response(200, Posts)
def get_user_followed_posts(asked, id):
    """List the posts of those whom somebody follows, and their own, newest first."""
    return kept_collection(POSTS, followed_posts(load_user(id)), asked, of="POSTS")
