"""Trying a password: counted wherever a password is asked for, by the same rules."""

from ..lib import passwords
from ..models import User
from ..queries.people import user_with_email
from .cookies import known_device
from .throttle import client_network, refund, throttle


def authenticate(email: str, password: str) -> User | None:
    """Return the user with this address and password, else None, in the same time.

    Raises RateLimitExceeded after too many wrong tries. A browser that the user has signed in
    with before has a counter of its own, so that strangers cannot lock the owner out. The caller
    commits, also after a failure: else the count is lost.
    """
    user = user_with_email(email)
    device = known_device(user)
    if device is not None:
        tries = [("LOGIN_ACCOUNT", email.lower(), device)]
    else:
        network = client_network()
        tries = [
            ("LOGIN_ACCOUNT", email.lower(), network),
            ("LOGIN_ADDRESS", network),
            ("LOGIN_SITE",),
        ]
    for attempt in tries:
        throttle(*attempt)
    if not _has_password(user, password):
        return None
    for attempt in tries:
        refund(*attempt)
    return user


def _has_password(user: User | None, password: str) -> bool:
    if user is None:
        return passwords.verify(None, password)
    return user.verify_password(password)
