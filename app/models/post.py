"""Posts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import DynamicMapped, Mapped, mapped_column, relationship

from ..database import Timestamp
from ..extensions import db
from ..lib.clock import utcnow
from ..lib.markdown import render_post
from .representation import API, http_date
from .written import Written


class Post(Written, db.Model):
    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_author_id", "author_id", "timestamp", "id"),
        Index("uq_posts_author_id_submission", "author_id", "submission", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    timestamp: Mapped[datetime | None] = mapped_column(Timestamp, index=True, default=utcnow)
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), active_history=True
    )
    comment_count: Mapped[int] = mapped_column(default=0, server_default="0")

    author: Mapped["User | None"] = relationship(back_populates="posts")  # noqa: F821
    comments: DynamicMapped["Comment"] = relationship(  # noqa: F821
        lazy="dynamic", back_populates="post", cascade="all, delete-orphan"
    )

    render = staticmethod(render_post)

    def to_json(self) -> dict:  # contract
        return {
            "url": f"{API}/posts/{self.id}",
            "body": self.body,
            "body_html": self.body_html,
            "timestamp": http_date(self.timestamp),
            "author_url": f"{API}/users/{self.author_id}" if self.author_id else None,
            "comments_url": f"{API}/posts/{self.id}/comments/",
            "comment_count": self.comment_count,
        }
