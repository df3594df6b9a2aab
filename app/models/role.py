"""Roles and the permissions they hold."""

from sqlalchemy import String, select
from sqlalchemy.orm import DynamicMapped, Mapped, mapped_column, relationship

from ..extensions import db


class Permission:
    """What a role may allow; a role holds the sum of its permissions."""

    FOLLOW = 1
    COMMENT = 2
    WRITE = 4
    MODERATE = 8
    ADMIN = 16


class Role(db.Model):
    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(64), unique=True)
    default: Mapped[bool | None] = mapped_column(default=False, index=True)
    permissions: Mapped[int | None]

    users: DynamicMapped["User"] = relationship(lazy="dynamic", back_populates="role")  # noqa: F821

    def __init__(self, **values):
        super().__init__(**values)
        if self.permissions is None:
            self.permissions = 0

    @staticmethod
    def named(name: str) -> "Role | None":
        return db.session.scalar(select(Role).filter_by(name=name))

    @staticmethod
    def insert_roles() -> None:
        """Create the roles of the site, or set existing ones back to what they should hold."""
        user = [Permission.FOLLOW, Permission.COMMENT, Permission.WRITE]
        moderator = [*user, Permission.MODERATE]
        administrator = [*moderator, Permission.ADMIN]
        for name, permissions in (
            ("User", user),
            ("Moderator", moderator),
            ("Administrator", administrator),
        ):
            role = Role.named(name) or Role(name=name)
            role.reset_permissions()
            for permission in permissions:
                role.add_permission(permission)
            role.default = name == "User"
            db.session.add(role)
        db.session.commit()  # contract

    def add_permission(self, perm: int) -> None:
        self.permissions |= perm

    def remove_permission(self, perm: int) -> None:
        self.permissions &= ~perm

    def reset_permissions(self) -> None:
        self.permissions = 0

    def has_permission(self, perm: int) -> bool:
        """Tell whether the role holds every permission in `perm`."""
        return self.permissions & perm == perm

    def __repr__(self):
        return f"<Role {self.name!r}>"
