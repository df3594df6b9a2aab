"""Every 500th place in the list of all posts, so that far pages are found without counting.

Positions count from the oldest post: new ones do not move them. Posts that were deleted since the
landmarks were set shift far pages by as many rows, until the night's job sets all of them anew; by
the pager's links a reader may then see a few posts a second time.
"""

from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Timestamp
from ..extensions import db
from .post import Post

APART = 500


class Landmark(db.Model):
    __tablename__ = "landmarks"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    timestamp: Mapped[datetime] = mapped_column(Timestamp)
    post_id: Mapped[int]  # no foreign key: the place stays when the post goes


def set_landmarks(*, anew: bool = False) -> None:
    """Set the landmarks that are missing, from the last one on; or all of them `anew`."""
    if anew:
        db.session.execute(delete(Landmark))
    last = db.session.scalar(select(Landmark).order_by(Landmark.position.desc()).limit(1))
    position = func.row_number().over(order_by=(Post.timestamp, Post.id))
    position = (position + (last.position if last else 0)).label("position")
    posts = select(position, Post.timestamp, Post.id.label("post_id"))
    if last:
        is_beyond = or_(Post.timestamp > last.timestamp, Post.id > last.post_id)
        posts = posts.where(Post.timestamp >= last.timestamp, is_beyond)
    posts = posts.subquery()
    # Posts made in code may have no time; they count, but are no place to begin from.
    wanted = (posts.c.position % APART == 0) & posts.c.timestamp.is_not(None)
    # Read first and then written: MariaDB would lock all posts that one statement looks at.
    rows = db.session.execute(select(posts).where(wanted)).all()
    if rows:
        db.session.execute(insert(Landmark), [row._asdict() for row in rows])
