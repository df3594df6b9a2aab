"""Waiting for somebody else's answer, but not for ever."""

from collections.abc import Callable
from threading import Thread
from typing import Any


class Answer:
    """What a question came to, asked in a thread of its own: a value or an error."""

    def __init__(self, question: Callable[[], Any]):
        self._question, self._value, self._error = question, None, None
        # A thread that hangs must not keep the process from ending.
        self._thread = Thread(target=self._ask, name="deadline", daemon=True)
        self._thread.start()

    def _ask(self) -> None:
        try:
            self._value = self._question()
        except Exception as error:  # raised again where the answer is waited for
            self._error = error

    @property
    def is_there(self) -> bool:
        return not self._thread.is_alive()

    def wait(self, seconds: float) -> Any:
        """Return the value or raise the error; TimeoutError if neither comes in `seconds`."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            raise TimeoutError(f"no answer within {seconds:g} seconds")
        if self._error is not None:
            raise self._error
        return self._value


def within(seconds: float, question: Callable[[], Any]) -> Any:
    """Return what `question` returns or raise what it raises; TimeoutError if it takes longer."""
    return Answer(question).wait(seconds)
