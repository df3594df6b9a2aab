"""A text in Markdown with its rendered HTML: what posts and comments have in common."""

from datetime import datetime

from sqlalchemy import String, event, inspect
from sqlalchemy.orm import Mapped, mapped_column

from ..database import LongText, Timestamp
from ..exceptions import ValidationError
from ..lib.clock import utcnow
from ..lib.markdown import RENDER_VERSION


class Written:
    """Mixed into Post and Comment, each of which says with `render` how its text becomes HTML."""

    body: Mapped[str | None] = mapped_column(LongText)
    body_html: Mapped[str | None] = mapped_column(LongText)
    render_version: Mapped[int] = mapped_column(default=0, server_default="0")
    # When the text was changed after it had been published.
    edited_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # The mark of the form it was typed in: a form that is sent twice makes one row.
    submission: Mapped[str | None] = mapped_column(String(36))

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        event.listen(cls.body, "set", cls.on_changed_body, active_history=True)

    @staticmethod
    def on_changed_body(target, value, oldvalue, initiator) -> None:
        """Render the text as soon as it is set, so that reading renders nothing.

        Whatever keeps the rendered text knows by `edited_at` and `render_version` when it is stale.

        Raises ValidationError if the text is too long.
        """
        for name, rendered in target.rendered(value).items():
            setattr(target, name, rendered)
        if inspect(target).persistent and value != oldvalue:
            target.edited_at = utcnow()

    @classmethod
    def rendered(cls, body: str | None) -> dict:
        """Return the columns that say how `body` looks.

        Raises ValidationError if it is too long.
        """
        try:
            return {"body_html": cls.render(body), "render_version": RENDER_VERSION}
        except ValueError as error:
            raise ValidationError(str(error)) from error

    @classmethod
    def from_json(cls, values: dict):  # contract
        """Return a new post or comment with the body in `values`.

        Raises ValidationError without a body, or with one that is not text.
        """
        body = values.get("body")
        if not isinstance(body, str) or not body.strip():
            raise ValidationError(f"{cls.__name__.lower()} does not have a body")
        return cls(body=body)
