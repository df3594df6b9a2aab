"""Remembering that something is away, so that not everybody finds out by waiting for it."""

import time


class Absence:
    """Whether a thing is away, for threads that would use it.

    `pause` is for how many seconds nobody asks it again; `silence` for how many seconds nobody
    speaks of it again. A race between threads costs a question more, or a sentence.
    """

    def __init__(self, *, pause: float, silence: float = 60, clock=time.monotonic):
        self._pause, self._silence, self._clock = pause, silence, clock
        self._ask_again_at = self._speak_again_at = 0.0
        self._is_away = False

    def lasts(self) -> bool:
        """Tell whether it was found to be away so lately that nobody should ask it."""
        return self._is_away and self._clock() < self._ask_again_at

    def begin(self) -> bool:
        """Note that it is away; return whether that is worth a line in the log."""
        now = self._clock()
        self._is_away, self._ask_again_at = True, now + self._pause
        is_news = now >= self._speak_again_at
        if is_news:
            self._speak_again_at = now + self._silence
        return is_news

    def end(self) -> bool:
        """Note that it has answered; return whether it had been away."""
        was_away, self._is_away = self._is_away, False
        return was_away
