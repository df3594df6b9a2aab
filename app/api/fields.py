"""Fields that take JSON at its word: 1 is not true, "1" is not 1."""

from marshmallow import fields
from wtforms.validators import ValidationError

from ..web.forms import single_line
from .rules import TEXT_PATTERN, WRITTEN_PATTERN, as_in_forms


class Flag(fields.Boolean):
    """true or false."""

    def _deserialize(self, value, attr, data, **kwargs):
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Whole(fields.Integer):
    """A whole number in a JSON body."""

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            raise self.make_error("invalid", input=value)
        return int(value)


class Line(fields.String):
    """A text of one line, cleaned as the forms do it."""

    def _deserialize(self, value, attr, data, **kwargs):
        return single_line(super()._deserialize(value, attr, data, **kwargs))


def text(*validators, kind=fields.String, required: bool = False, **metadata) -> fields.Field:
    """Return a field for a text, with `validators` of forms; `metadata` describes it further."""
    metadata = {"pattern": TEXT_PATTERN, **metadata}
    return kind(required=required, validate=as_in_forms(*validators), metadata=metadata)


def written(what: str, *validators, required: bool, limit: int) -> fields.Field:
    """Return the field for the Markdown of a post or comment; blank text is no text."""
    missing = f"{what} does not have a body"

    def not_blank(_form, field) -> None:
        if not field.data.strip():
            raise ValidationError(missing)

    return fields.String(
        required=required,
        error_messages=dict.fromkeys(("required", "null", "invalid"), missing),
        validate=as_in_forms(not_blank, *validators),
        metadata={
            "pattern": WRITTEN_PATTERN,
            "description": f"Markdown, up to {limit // 1024} KB in UTF-8",
            "example": "The body of the *blog* post",
        },
    )
