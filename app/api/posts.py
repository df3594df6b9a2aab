"""Posts."""

from flask import g

from ..extensions import db
from ..models import Post
from ..models.publishing import publish_once
from ..policies.posts import can_delete_post, can_edit_post, can_write
from ..queries.posts import latest_posts
from ..web.loaders import load_post
from ..web.throttle import throttle
from .answers import CREATED, created
from .authentication import current_viewer
from .blueprint import api
from .kept import POSTS
from .operations import commits, needs, refuse_if_stale
from .paging import kept_collection
from .schemas import Asked, NewPost, PostChange, Posts, PostSchema


@api.get("/posts/")
@needs("read")
@api.arguments(Asked, location="query")
@api.response(200, Posts)
def get_posts(asked):
    """List all posts, newest first."""
    return kept_collection(POSTS, latest_posts(g.current_user), asked, of="POSTS")


@api.post("/posts/")
@needs("write", can_write)
@commits
@api.arguments(NewPost)
@api.response(201, PostSchema, headers=CREATED)
def new_post(values):
    """Write a post."""
    viewer = current_viewer()
    throttle("WRITE", viewer.id)
    post_id = publish_once(Post, author=viewer, submission=None, body=values["body"])
    return created(db.session.get(Post, post_id).to_json())


@api.get("/posts/<int:id>")
@needs("read")
@api.response(200, PostSchema)
def get_post(id):
    """Read a post."""
    return load_post(id).to_json()


@api.put("/posts/<int:id>")
@needs("write")
@commits
@api.arguments(PostChange, required=False)
@api.response(200, PostSchema)
def edit_post(values, id):
    """Change a post of your own; administrators change any."""
    viewer = current_viewer()
    post = load_post(id, viewer=viewer, check=can_edit_post, lock=True)
    refuse_if_stale(post.to_json())
    if "body" in values:
        throttle("WRITE", viewer.id)
        post.body = values["body"]
    return post.to_json()


@api.delete("/posts/<int:id>")
@needs("write")
@commits
@api.response(204)
def delete_post(id):
    """Delete a post of your own, with its comments; administrators delete any."""
    post = load_post(id, viewer=current_viewer(), check=can_delete_post, lock=True)
    refuse_if_stale(post.to_json())
    db.session.delete(post)
