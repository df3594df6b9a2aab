"""Who follows whom."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete, exists, insert, literal, select
from sqlalchemy.orm import DynamicMapped, Mapped, declared_attr, mapped_column, relationship

from ..database import Timestamp
from ..extensions import db
from ..lib.clock import utcnow
from .insertion import insert_once


class Follow(db.Model):
    __tablename__ = "follows"
    __table_args__ = (Index("ix_follows_followed_id", "followed_id", "timestamp"),)

    follower_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    followed_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    timestamp: Mapped[datetime | None] = mapped_column(Timestamp, default=utcnow)

    follower: Mapped["User"] = relationship(  # noqa: F821
        foreign_keys=[follower_id], back_populates="followed", lazy="joined", innerjoin=True
    )
    followed: Mapped["User"] = relationship(  # noqa: F821
        foreign_keys=[followed_id], back_populates="followers", lazy="joined", innerjoin=True
    )


class Following:
    """Mixed into User: the people they follow and are followed by.

    Everybody follows themselves, so that one's own posts are among the followed ones. The
    counters leave that row out.
    """

    follower_count: Mapped[int] = mapped_column(default=0, server_default="0")
    followed_count: Mapped[int] = mapped_column(default=0, server_default="0")

    @declared_attr
    def followed(cls) -> DynamicMapped[Follow]:
        return relationship(
            foreign_keys=[Follow.follower_id],
            back_populates="follower",
            lazy="dynamic",
            cascade="all, delete-orphan",
        )

    @declared_attr
    def followers(cls) -> DynamicMapped[Follow]:
        return relationship(
            foreign_keys=[Follow.followed_id],
            back_populates="followed",
            lazy="dynamic",
            cascade="all, delete-orphan",
        )

    def follow(self, user) -> None:
        """Follow `user`; once is enough."""
        self._give_ids(user)
        if insert_once(Follow, follower_id=self.id, followed_id=user.id, timestamp=utcnow()):
            self._count_follow(user, +1)

    def unfollow(self, user) -> None:
        """Stop following `user`, if that was so. Nobody can unfollow themselves."""
        if user.id is None or user.id == self.id:
            return
        row = delete(Follow).filter_by(follower_id=self.id, followed_id=user.id)
        if db.session.execute(row).rowcount:
            self._count_follow(user, -1)

    def is_following(self, user) -> bool:
        return self._is_there(self, user)

    def is_followed_by(self, user) -> bool:
        return self._is_there(user, self)

    @staticmethod
    def add_self_follows() -> None:
        """Let everybody follow themselves who does not yet."""
        user = db.metadata.tables["users"]
        follows_self = exists().where(
            Follow.follower_id == user.c.id, Follow.followed_id == user.c.id
        )
        missing = select(user.c.id, user.c.id, literal(utcnow())).where(~follows_self)
        columns = ["follower_id", "followed_id", "timestamp"]
        db.session.execute(insert(Follow).from_select(columns, missing))

    def _give_ids(self, user) -> None:
        if self.id is None or user.id is None:
            db.session.add_all([self, user])
            db.session.flush()

    def _count_follow(self, user, by: int) -> None:
        if user.id != self.id:
            self.followed_count = type(self).followed_count + by
            user.follower_count = type(user).follower_count + by

    @staticmethod
    def _is_there(follower, followed) -> bool:
        if follower.id is None or followed.id is None:
            return False
        row = (Follow.follower_id == follower.id) & (Follow.followed_id == followed.id)
        return db.session.scalar(select(exists().where(row)))
