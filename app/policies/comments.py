"""Who may comment, moderate and delete comments. `viewer` is a User or the AnonymousUser."""

from ..models import Comment, Permission


def can_comment(viewer) -> bool:
    return viewer.can(Permission.COMMENT)


def can_moderate(viewer) -> bool:
    return viewer.can(Permission.MODERATE)


def can_delete_comment(viewer, comment: Comment) -> bool:
    """Authors delete their own comments; moderators any."""
    is_author = viewer.id is not None and comment.author_id == viewer.id
    return is_author or can_moderate(viewer)


def can_delete_some(viewer, comments) -> bool:
    """Tell whether there is one among `comments` that the viewer may delete.

    The rule above, asked once for a whole page.
    """
    if can_moderate(viewer):
        return len(comments) > 0
    return viewer.id is not None and viewer.id in {comment.author_id for comment in comments}
