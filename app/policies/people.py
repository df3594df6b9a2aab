"""Who may follow and who may administer. `viewer` is a User or the AnonymousUser."""

from ..models import Permission


def can_follow(viewer) -> bool:
    return viewer.can(Permission.FOLLOW)


def can_administer(viewer) -> bool:
    return viewer.is_administrator()
