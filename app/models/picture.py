"""The picture that somebody has uploaded of themselves. One at a time: a new one replaces it."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from .job import later


class Pictured:
    """Mixed into User."""

    # The random part of the names of its files, or None. Whoever knows it can see the picture.
    picture: Mapped[str | None] = mapped_column(String(32), index=True)

    def take_picture(self, picture: str | None) -> None:
        """Show `picture` from now on, or none; the files of the last one go after the commit."""
        self.promise_to_forget_picture()
        self.picture = picture

    def promise_to_forget_picture(self) -> None:
        if self.picture is not None:
            later("pictures.remove", picture=self.picture)
