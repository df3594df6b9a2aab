"""Who may write, edit and delete posts. `viewer` is a User or the AnonymousUser."""

from ..models import Permission, Post


def can_write(viewer) -> bool:
    return viewer.can(Permission.WRITE)


def can_edit_post(viewer, post: Post) -> bool:
    """Authors edit their own posts while they may write; administrators edit any."""
    is_author = viewer.id is not None and post.author_id == viewer.id
    return viewer.is_administrator() or (is_author and can_write(viewer))


def can_delete_post(viewer, post: Post) -> bool:
    """Authors delete their own posts, whatever has become of their role; administrators any."""
    return viewer.is_administrator() or (viewer.id is not None and post.author_id == viewer.id)


def can_change_some(viewer, posts) -> bool:
    """Tell whether there is one among `posts` that the viewer may edit or delete.

    The rule above, asked once for a whole page: whoever may edit a post may delete it.
    """
    if viewer.is_administrator():
        return len(posts) > 0
    return viewer.id is not None and viewer.id in {post.author_id for post in posts}
