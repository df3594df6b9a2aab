"""Comments."""

from flask import g

from ..extensions import db
from ..models import Comment
from ..models.publishing import publish_once
from ..policies.comments import can_comment, can_delete_comment
from ..queries.comments import comments_under, latest_comments
from ..web.loaders import load_comment, load_post
from ..web.throttle import throttle
from .answers import CREATED, created
from .authentication import current_viewer
from .blueprint import api
from .kept import COMMENTS
from .operations import commits, needs, refuse_if_stale
from .paging import kept_collection
from .schemas import Asked, Comments, CommentSchema, NewComment


@api.get("/comments/")
@needs("read")
@api.arguments(Asked, location="query")
@api.response(200, Comments)
def get_comments(asked):
    """List all comments, newest first."""
    return kept_collection(COMMENTS, latest_comments(g.current_user), asked, of="COMMENTS")


@api.get("/comments/<int:id>")
@needs("read")
@api.response(200, CommentSchema)
def get_comment(id):
    """Read a comment."""
    return load_comment(id).to_json()


@api.delete("/comments/<int:id>")
@needs("write")
@commits
@api.response(204)
def delete_comment(id):
    """Delete a comment of your own; moderators delete any."""
    comment = load_comment(id, viewer=current_viewer(), check=can_delete_comment, lock=True)
    refuse_if_stale(comment.to_json())
    db.session.delete(comment)


@api.get("/posts/<int:id>/comments/")
@needs("read")
@api.arguments(Asked, location="query")
@api.response(200, Comments)
def get_post_comments(asked, id):
    """List the comments of a post, oldest first."""
    return kept_collection(COMMENTS, comments_under(load_post(id)), asked, of="COMMENTS")


@api.post("/posts/<int:id>/comments/")
@needs("write", can_comment)
@commits
@api.arguments(NewComment)
@api.response(201, CommentSchema, headers=CREATED)
def new_post_comment(values, id):
    """Comment on a post."""
    viewer, post = current_viewer(), load_post(id, lock=True)
    throttle("WRITE", viewer.id)
    comment_id = publish_once(
        Comment, author=viewer, submission=None, post_id=post.id, body=values["body"]
    )
    return created(db.session.get(Comment, comment_id).to_json())
