"""Reading one's own writes where pages are read from replicas."""

from flask import current_app

from ..adapters.replicas import has_replicas, own_writes_last
from ..database import read_from
from ..models import User


def see_own_writes(user: User | None) -> None:
    """Read the rest of this request from the primary if `user` wrote something a moment ago.

    Whichever browser or token they wrote with: what counts is the person.
    """
    app = current_app._get_current_object()
    if user is not None and has_replicas(app) and user.has_written_within(own_writes_last(app)):
        read_from(None)
