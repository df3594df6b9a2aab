"""People, and the stranger who is not one of them."""

from datetime import datetime, timedelta

from flask import current_app
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import DynamicMapped, Mapped, mapped_column, relationship, validates
from sqlalchemy.orm.attributes import set_committed_value

from ..database import LongText, Timestamp
from ..extensions import db
from ..lib.avatars import gravatar_hash, gravatar_url
from ..lib.clock import utcnow
from .account_tokens import AccountTokens
from .api_token import TokenHolder
from .credentials import Credentials
from .follow import Follow, Following
from .job import later
from .own_writes import OwnWrites
from .picture import Pictured
from .post import Post
from .representation import API, http_date
from .role import Permission, Role
from .user_session import SessionHolder


class User(
    SessionHolder,
    TokenHolder,
    Credentials,
    AccountTokens,
    Following,
    Pictured,
    OwnWrites,
    UserMixin,
    db.Model,
):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True, index=True)
    username: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    # The name without regard to case: nobody can pass for somebody else as `Alice` for `alice`.
    username_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    role_id: Mapped[int | None] = mapped_column(ForeignKey("roles.id"), index=True)
    confirmed: Mapped[bool | None] = mapped_column(default=False)
    name: Mapped[str | None] = mapped_column(String(64))
    location: Mapped[str | None] = mapped_column(String(64))
    about_me: Mapped[str | None] = mapped_column(LongText)
    member_since: Mapped[datetime | None] = mapped_column(Timestamp, default=utcnow)
    last_seen: Mapped[datetime | None] = mapped_column(Timestamp, default=utcnow)
    avatar_hash: Mapped[str | None] = mapped_column(String(32))
    post_count: Mapped[int] = mapped_column(default=0, server_default="0")
    comment_count: Mapped[int] = mapped_column(default=0, server_default="0")
    last_post_at: Mapped[datetime | None] = mapped_column(Timestamp)

    role: Mapped[Role | None] = relationship(back_populates="users")
    # Not delete-orphan: SQLAlchemy loses hold of the comments below while it deletes an orphan.
    posts: DynamicMapped[Post] = relationship(
        lazy="dynamic", back_populates="author", cascade="all"
    )
    comments: DynamicMapped["Comment"] = relationship(  # noqa: F821
        lazy="dynamic", back_populates="author", cascade="all, delete-orphan"
    )

    def __init__(self, **values):
        super().__init__(**values)
        if self.email is not None and self.avatar_hash is None:
            self.avatar_hash = self.gravatar_hash()
        if self.role is None and self.role_id is None:
            self._take_first_role()
        self.followed.append(Follow(followed=self))

    @validates("email")
    def _lower_case(self, _key, email: str | None) -> str | None:
        return email and email.lower()

    @validates("username")
    def _remember_key(self, _key, username: str | None) -> str | None:
        self.username_key = username and username.lower()
        return username

    def _take_first_role(self) -> None:
        role = self._first_role()
        if role is not None:
            self.role_id = role.id
            # Not an assignment: the role would list somebody who may never be added.
            set_committed_value(self, "role", role)

    def _first_role(self) -> Role | None:
        if self.confirmed and self._owns_admin_address():
            return Role.named("Administrator")
        return db.session.scalar(select(Role).filter_by(default=True))

    def _owns_admin_address(self) -> bool:
        admin = current_app.config["FLASKY_ADMIN"]
        return bool(admin and self.email and self.email == admin.lower())

    def edit_by_admin(self, *, email: str, role: Role, **values) -> None:
        """Change what an administrator may change."""
        if email.lower() != self.email:
            self.move_to(email)
        self.take_role(role)
        for name, value in values.items():
            setattr(self, name, value)

    def take_role(self, role: Role) -> None:
        """Change the role; who loses power by it has to sign in again."""
        if self.role and not role.has_permission(self.role.permissions):
            self.end_sessions(keep=self.current_session)
        self.role = role

    def move_to(self, email: str) -> None:
        """Change the address, and tell the old one."""
        if self.email:
            later("mail.email_changed", user_id=self.id, old_email=self.email)
        self.email = email
        self.avatar_hash = self.gravatar_hash()

    def confirm_address(self) -> None:
        """Count the address as the user's own; the administrator's brings the role with it."""
        self.confirmed = True
        if self._owns_admin_address():
            self.role = Role.named("Administrator") or self.role

    def can(self, perm: int) -> bool:
        return self.role is not None and self.role.has_permission(perm)

    def is_administrator(self) -> bool:
        return self.can(Permission.ADMIN)

    def ping(self) -> None:
        """Note that the user is here now."""
        self.last_seen = utcnow()

    def gravatar_hash(self) -> str:
        """Return the MD5 of the address, which is how gravatar.com asks for it."""
        return gravatar_hash(self.email)

    def gravatar(self, size: int = 100, default: str = "identicon", rating: str = "g") -> str:
        """Return the address of the user's picture at gravatar.com, `size` pixels wide."""
        picture = self.avatar_hash or (self.gravatar_hash() if self.email else None)
        return gravatar_url(picture, size=size, default=default, rating=rating)

    @property
    def followed_posts(self):
        """Query of the posts by the people this user follows, their own among them."""
        return Post.query.join(Follow, Follow.followed_id == Post.author_id).filter(
            Follow.follower_id == self.id
        )

    def to_json(self) -> dict:  # contract
        url = f"{API}/users/{self.id}"
        return {
            "url": url,
            "username": self.username,
            "member_since": http_date(self.member_since),
            "last_seen": http_date(self.last_seen),
            "posts_url": f"{url}/posts/",
            "followed_posts_url": f"{url}/timeline/",
            "post_count": self.post_count,
        }

    def __repr__(self):
        return f"<User {self.username!r}>"


class AnonymousUser(AnonymousUserMixin):
    """A reader who has not signed in: answers the same questions, always with no."""

    id = None

    def can(self, perm: int) -> bool:
        return False

    def is_administrator(self) -> bool:
        return False

    def has_written_within(self, time: timedelta) -> bool:
        return False
