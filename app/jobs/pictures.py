"""Removing the files of pictures that nobody shows any more."""

import re
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from ..adapters.storage import storage_of
from ..extensions import db
from ..lib.clock import utcnow
from ..models import User
from ..web.pictures import remove_files_of
from .handlers import handles

_NAME = re.compile(r"pictures/([0-9a-f]{32})-\d+\.webp")
_UNTAKEN = timedelta(days=1)  # by then the transaction that was to take it has ended
_BATCH = 500


@handles("pictures.remove", only_reads=True)
def remove(picture: str) -> None:
    """Remove the files, unless somebody shows them after all."""
    if picture not in _shown([picture]):
        remove_files_of(picture)


@handles("pictures.sweep", only_reads=True)
def sweep() -> None:
    """Remove the files that were stored for a transaction which failed."""
    before = utcnow() - _UNTAKEN
    stored = storage_of(current_app._get_current_object()).list()
    old = {
        found[1] for file in stored if file.modified < before and (found := _NAME.match(file.name))
    }
    pictures = sorted(old)
    for start in range(0, len(pictures), _BATCH):
        batch = pictures[start : start + _BATCH]
        for picture in set(batch) - _shown(batch):
            remove_files_of(picture)


def _shown(pictures: list[str]) -> set[str]:
    return set(db.session.scalars(select(User.picture).where(User.picture.in_(pictures))))
