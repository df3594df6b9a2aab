"""Moderating comments."""

from flask import g

from ..policies.comments import can_moderate
from ..queries.comments import latest_comments
from ..web.loaders import load_comment
from .blueprint import api
from .operations import commits, needs
from .paging import collection
from .representations import moderated
from .schemas import Asked, ModeratedComments, ModeratedCommentSchema


@api.get("/moderation/comments/")
@needs("moderate", can_moderate)
@api.arguments(Asked, location="query")
@api.response(200, ModeratedComments)
def get_moderated_comments(asked):
    """List all comments with their text, newest first."""
    return collection(
        "comments", latest_comments(g.current_user), asked, of="COMMENTS", as_json=moderated
    )


@api.post("/comments/<int:id>/disable")
@needs("moderate", can_moderate)
@commits
@api.response(200, ModeratedCommentSchema)
def disable_comment(id):
    """Hide the text of a comment from everybody but moderators."""
    comment = load_comment(id)
    comment.disable()
    return moderated(comment)


@api.post("/comments/<int:id>/enable")
@needs("moderate", can_moderate)
@commits
@api.response(200, ModeratedCommentSchema)
def enable_comment(id):
    """Show the text of a comment to everybody again."""
    comment = load_comment(id)
    comment.enable()
    return moderated(comment)
