"""Comments under posts, and their moderation."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import LongText, Timestamp
from ..exceptions import ValidationError
from ..extensions import db
from ..lib.clock import utcnow
from ..lib.markdown import RENDER_VERSION, render_comment
from .representation import API, http_date


class Comment(db.Model):
    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_post_id", "post_id", "timestamp", "id"),
        Index("uq_comments_author_id_submission", "author_id", "submission", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str | None] = mapped_column(LongText)
    body_html: Mapped[str | None] = mapped_column(LongText)
    render_version: Mapped[int] = mapped_column(default=0, server_default="0")
    timestamp: Mapped[datetime | None] = mapped_column(Timestamp, index=True, default=utcnow)
    disabled: Mapped[bool | None]
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), active_history=True
    )
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), active_history=True
    )
    submission: Mapped[str | None] = mapped_column(String(36))

    author: Mapped["User | None"] = relationship(back_populates="comments")  # noqa: F821
    post: Mapped["Post | None"] = relationship(back_populates="comments")  # noqa: F821

    @staticmethod
    def on_changed_body(target, value, oldvalue, initiator) -> None:
        """Render the text as soon as it is set, so that reading a comment renders nothing."""
        try:
            target.body_html = render_comment(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        target.render_version = RENDER_VERSION

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

    @staticmethod
    def from_json(json_comment: dict) -> "Comment":  # contract
        """Return a new comment with the body in `json_comment`.

        Raises ValidationError without a body, or with one that is not text.
        """
        body = json_comment.get("body")
        if not isinstance(body, str) or not body.strip():
            raise ValidationError("comment does not have a body")
        return Comment(body=body)


event.listen(Comment.body, "set", Comment.on_changed_body)
