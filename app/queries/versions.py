"""What a program is told of posts and comments, but for their texts; and when those changed.

Where a page shows the name and the picture of an author, JSON names an address, so that these
outlines join no authors: a quarter of what it takes to read a timeline.
"""

from sqlalchemy import Select

from ..models import Comment, Post


def versions_of_posts(keys: Select) -> Select:
    posts = Post.__table__.c
    columns = (posts.comment_count, posts.author_id)
    return keys.with_only_columns(*_version(posts), *columns, maintain_column_froms=True)


def versions_of_comments(keys: Select) -> Select:
    comments = Comment.__table__.c
    columns = (comments.disabled, comments.author_id)
    return keys.with_only_columns(*_version(comments), *columns, maintain_column_froms=True)


def _version(table) -> tuple:
    return table.id, table.timestamp, table.edited_at, table.render_version
