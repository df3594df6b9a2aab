"""Which function keeps which promise."""

from collections.abc import Callable
from functools import wraps

from ..database import reading
from ..extensions import db

HANDLERS: dict[str, Callable[..., None]] = {}


def handles(name: str, *, only_reads: bool = False):
    """Register the function below as the handler of the job `name`.

    It gets the payload as keyword arguments, works in a transaction of its own, and must be
    harmless when it runs twice. One that only reads may take its time.
    """

    def register(function):
        HANDLERS[name] = _while_others_write(function) if only_reads else function
        return function

    return register


def _while_others_write(function):
    @wraps(function)
    def handler(**payload) -> None:
        with reading():
            function(**payload)
            db.session.rollback()

    return handler
