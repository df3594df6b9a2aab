"""When an act may be done again, because the database broke it off."""

import random
import time
from collections.abc import Callable
from contextvars import ContextVar

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from ..lib.database_errors import Trouble, trouble_of

# What SQLAlchemy raises when the database is in trouble, or somebody else was quicker.
DATABASE_ERRORS = (DBAPIError, NoConnectionLeft, StaleDataError, ObjectDeletedError)

_commit_was_sent: ContextVar[bool] = ContextVar("commit_was_sent", default=False)


@event.listens_for(Engine, "commit")
def _note_commit(_connection):
    _commit_was_sent.set(True)


def begin_act() -> None:
    """Declare that nothing of what is done from here on has been committed yet."""
    _commit_was_sent.set(False)


def is_undone() -> bool:
    """Tell whether nothing can have been committed since `begin_act`.

    Once a COMMIT is on its way this is false, even if its answer never came: it may have arrived.
    """
    return not _commit_was_sent.get()


def trouble_with(error: Exception) -> Trouble | None:
    """Tell what an error of SQLAlchemy means; None for a fault of ours."""
    if isinstance(error, NoConnectionLeft):
        return Trouble.AWAY
    if isinstance(error, (IntegrityError, StaleDataError, ObjectDeletedError)):
        return Trouble.LOST_RACE
    if not isinstance(error, DBAPIError):
        return None
    return Trouble.AWAY if error.connection_invalidated else trouble_of(error.orig)


def pause_before(number: int) -> float:
    """Return how many seconds to wait before try `number`: longer each time, never the same."""
    return 0.1 * 2 ** (number - 2) * random.uniform(0.5, 1.5)  # noqa: S311 - guards nothing


def repeated(act: Callable, *, undo: Callable[[], None], tries: int):
    """Return what `act()` does, in a transaction that it commits itself.

    If the database breaks it off before a commit was sent, `undo()` and do the whole of it again.
    """
    for number in range(1, tries + 1):
        begin_act()
        try:
            return act()
        except DATABASE_ERRORS as error:
            undo()
            if number == tries or trouble_with(error) is None or not is_undone():
                raise
        time.sleep(pause_before(number + 1))
    raise ValueError("there has to be one try at least")
