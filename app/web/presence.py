"""Who was here since it was last written down.

A page that is only read must not write to the database, so the times are gathered in memory and
a thread beside the requests writes them down for everybody at once (app/jobs/presence.py).
"""

from datetime import datetime, timedelta
from threading import Lock

from ..lib.clock import utcnow

_OFTEN_ENOUGH = timedelta(minutes=1)
_lock = Lock()
_seen: dict[tuple[type, int], datetime] = {}


def note(user) -> None:
    """Remember that `user` is here, in this session, unless that was written down just now."""
    now = utcnow()
    with _lock:
        if is_due(user.last_seen):
            _seen[type(user), user.id] = now
        session = user.current_session
        if session is not None and is_due(session.last_used_at):
            _seen[type(session), session.id] = now


def note_use(token) -> None:
    """Remember that an API token was used just now."""
    with _lock:
        if is_due(token.last_used_at):
            _seen[type(token), token.id] = utcnow()


def is_due(last: datetime | None) -> bool:
    """Tell whether it was long enough ago to be written down again."""
    return last is None or utcnow() - last >= _OFTEN_ENOUGH


def take() -> dict[tuple[type, int], datetime]:
    """Return when each user, session and token was seen last, by model and id, and start anew."""
    with _lock:
        seen = dict(_seen)
        _seen.clear()
    return seen
