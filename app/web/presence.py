"""Who was here since it was last written down.

A page that is only read must not write to the database, so the times are gathered in memory and
a thread beside the requests writes them down for everybody at once (app/jobs/presence.py).
"""

from datetime import datetime, timedelta
from threading import Lock

from ..lib.clock import utcnow

_OFTEN_ENOUGH = timedelta(minutes=1)
_lock = Lock()
_seen: dict[tuple[int, int | None], datetime] = {}


def note(user) -> None:
    """Remember that `user` is here, unless that was written down within the last minute."""
    if is_due(user):
        with _lock:
            session = user.current_session
            _seen[user.id, session and session.id] = utcnow()


def is_due(user) -> bool:
    """Tell whether the time is worth writing down again."""
    return user.last_seen is None or utcnow() - user.last_seen >= _OFTEN_ENOUGH


def take() -> dict[tuple[int, int | None], datetime]:
    """Return what was gathered, by user and session, and start anew."""
    with _lock:
        seen = dict(_seen)
        _seen.clear()
    return seen
