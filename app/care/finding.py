"""What a check found: one line for the operator."""

import re
from dataclasses import dataclass
from typing import Literal

OK, WARN, FAIL = "OK", "WARN", "FAIL"


@dataclass(frozen=True)
class Finding:
    """`matter` is what was looked at; `sentence` says what is so, and what to do about it."""

    state: Literal["OK", "WARN", "FAIL"]
    matter: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.state:4}  {self.matter:10}  {self.sentence}"


def in_one_line(error: object, *secrets: str | None) -> str:
    """Return what an error says in one line, and without `secrets`."""
    text = " ".join(str(error).split()) or type(error).__name__
    for secret in filter(None, secrets):
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "***", text)
    return text.rstrip(".?")
