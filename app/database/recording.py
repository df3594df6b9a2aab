"""What a request asked of the database: how many statements, and which of them took long.

Flask-SQLAlchemy's recorder looks for the place of each statement in the code, which everybody waits
for; ours does so for the slow ones.
"""

import sys
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

from sqlalchemy import Engine, event


@dataclass(frozen=True)
class SlowQuery:
    statement: str
    parameters: int  # how many; what they were is nobody's business
    duration: float  # seconds
    place: str  # the line of ours that asked


@dataclass
class Record:
    slow_after: float  # seconds
    count: int = 0
    slow: list[SlowQuery] = field(default_factory=list)


_record: ContextVar[Record | None] = ContextVar("record", default=None)


def begin_record(slow_after: float | None) -> None:
    """Record what is asked from here on, or nothing if `slow_after` is None."""
    _record.set(None if slow_after is None else Record(slow_after))


def current_record() -> Record | None:
    return _record.get()


@event.listens_for(Engine, "before_cursor_execute")
def _begin(_connection, _cursor, _statement, _parameters, context, _many):
    context.began = perf_counter()


@event.listens_for(Engine, "after_cursor_execute")
def _end(_connection, _cursor, statement, parameters, context, _many):
    record = _record.get()
    if record is None:
        return
    record.count += 1
    duration = perf_counter() - context.began
    if duration >= record.slow_after:
        record.slow.append(SlowQuery(statement, len(parameters or ()), duration, _place()))


def _place() -> str:
    """Return where in the application the database was asked, but for this floor."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith("app.") and not name.startswith("app.database."):
            return f"{frame.f_code.co_filename}:{frame.f_lineno} ({frame.f_code.co_name})"
        frame = frame.f_back
    return "<unknown>"
