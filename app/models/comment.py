"""Comments under posts, and their moderation."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Timestamp
from ..extensions import db
from ..lib.clock import utcnow
from ..lib.markdown import render_comment
from .representation import API, http_date
from .written import Written


class Comment(Written, db.Model):
    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_post_id", "post_id", "timestamp", "id"),
        Index("uq_comments_author_id_submission", "author_id", "submission", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    timestamp: Mapped[datetime | None] = mapped_column(Timestamp, index=True, default=utcnow)
    disabled: Mapped[bool | None]
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), active_history=True
    )
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), active_history=True
    )

    author: Mapped["User | None"] = relationship(back_populates="comments")  # noqa: F821
    post: Mapped["Post | None"] = relationship(back_populates="comments")  # noqa: F821

    render = staticmethod(render_comment)

    def disable(self) -> None:
        """Hide the text from everybody but moderators."""
        self.disabled = True

    def enable(self) -> None:
        self.disabled = False

    def to_json(self) -> dict:  # contract
        return {
            "url": f"{API}/comments/{self.id}",
            "post_url": f"{API}/posts/{self.post_id}" if self.post_id else None,
            "body": None if self.disabled else self.body,
            "body_html": None if self.disabled else self.body_html,
            "disabled": bool(self.disabled),
            "timestamp": http_date(self.timestamp),
            "author_url": f"{API}/users/{self.author_id}" if self.author_id else None,
        }
