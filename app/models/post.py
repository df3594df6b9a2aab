"""Posts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, event
from sqlalchemy.orm import DynamicMapped, Mapped, mapped_column, relationship

from ..database import LongText, Timestamp
from ..exceptions import ValidationError
from ..extensions import db
from ..lib.clock import utcnow
from ..lib.markdown import RENDER_VERSION, render_post
from .representation import API, http_date


class Post(db.Model):
    __tablename__ = "posts"
    # One submitted form makes one post, however often it is sent.
    __table_args__ = (
        Index("ix_posts_author_id", "author_id", "timestamp", "id"),
        Index("uq_posts_author_id_submission", "author_id", "submission", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str | None] = mapped_column(LongText)
    body_html: Mapped[str | None] = mapped_column(LongText)
    render_version: Mapped[int] = mapped_column(default=0, server_default="0")
    timestamp: Mapped[datetime | None] = mapped_column(Timestamp, index=True, default=utcnow)
    edited_at: Mapped[datetime | None] = mapped_column(Timestamp)
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), active_history=True
    )
    submission: Mapped[str | None] = mapped_column(String(36))
    comment_count: Mapped[int] = mapped_column(default=0, server_default="0")

    author: Mapped["User | None"] = relationship(back_populates="posts")  # noqa: F821
    comments: DynamicMapped["Comment"] = relationship(  # noqa: F821
        lazy="dynamic", back_populates="post", cascade="all, delete-orphan"
    )

    @staticmethod
    def on_changed_body(target, value, oldvalue, initiator) -> None:
        """Render the text as soon as it is set, so that reading a post renders nothing."""
        try:
            target.body_html = render_post(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        target.render_version = RENDER_VERSION

    def rewrite(self, body: str) -> None:
        """Replace the text and remember when."""
        if body != self.body:
            self.body = body
            self.edited_at = utcnow()

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

    @staticmethod
    def from_json(json_post: dict) -> "Post":  # contract
        """Return a new post with the body in `json_post`.

        Raises ValidationError without a body, or with one that is not text.
        """
        body = json_post.get("body")
        if not isinstance(body, str) or not body.strip():
            raise ValidationError("post does not have a body")
        return Post(body=body)


event.listen(Post.body, "set", Post.on_changed_body)
