"""Posts and comments as JSON, written once for all readers.

A text is kept under all that it shows, as the site keeps the same posts as HTML, and in the same
place (web/fragments.py): whoever edits or comments makes another key, so that no answer is ever
out of date. A list then reads neither texts from the database nor fields through a schema.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from marshmallow import Schema
from sqlalchemy import Select

from ..extensions import db
from ..queries.comments import comments_with_ids
from ..queries.lists import Shape
from ..queries.posts import posts_with_ids
from ..queries.versions import versions_of_comments, versions_of_posts
from ..web.fragments import Kept
from .schemas import CommentSchema, PostSchema


@dataclass(frozen=True)
class Kind:
    """What there is to know about a kind of record whose JSON is kept."""

    name: str  # in answers
    versions: Shape
    with_ids: Callable[[list[int]], Select]
    schema: Schema


POSTS = Kind("posts", versions_of_posts, posts_with_ids, PostSchema())
COMMENTS = Kind("comments", versions_of_comments, comments_with_ids, CommentSchema())


def array(kind: Kind, rows) -> str:
    """Return the JSON of all `rows`, which are versions, as one array.

    A record that somebody has deleted since the list was read is left out.
    """
    kept: Kept = current_app.extensions["fragments"]
    keys = [("json", kind.name, *row) for row in rows]

    def write(places: list[int]) -> dict[int, str]:
        written = _write(kind, [rows[place].id for place in places])
        return {place: written[rows[place].id] for place in places if rows[place].id in written}

    texts = kept.get_or_make(keys, write)
    return f"[{','.join(text for text in texts if text is not None)}]"


def _write(kind: Kind, ids: list[int]) -> dict[int, str]:
    return {
        record.id: current_app.json.dumps(kind.schema.dump(record.to_json()))
        for record in db.session.scalars(kind.with_ids(ids))
    }
