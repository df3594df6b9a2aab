"""Telling somebody who waits how far a long piece of work has come."""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager

# Called with a label and a number of steps; gives a function that takes how many were done.
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


@contextmanager
def silently(_label: str, _length: int):
    """The progress for which nobody waits."""
    yield lambda _steps: None
