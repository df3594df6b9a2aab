"""The rules of the forms, asked by schemas: no rule is written twice.

A validator of WTForms wants a field. It gets one that holds the value and nothing else.
"""

from marshmallow import ValidationError
from wtforms.validators import StopValidation
from wtforms.validators import ValidationError as FormError

from ..web.forms import no_control_characters

# What no text may hold, as a class of characters that every dialect of regular expressions knows.
_CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f"
_BLANK = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
TEXT_PATTERN = f"^[^{_CONTROL}]*$"
WRITTEN_PATTERN = f"^[^{_CONTROL}]*[^{_CONTROL}{_BLANK}][^{_CONTROL}]*$"


class _Field:
    """Stands in for a field of a form."""

    def __init__(self, data):
        self.data = data
        self.errors = []

    def gettext(self, text: str) -> str:
        return text

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return singular if number == 1 else plural


def as_in_forms(*validators):
    """Return a validator for schemas that asks the `validators` of a form, in turn."""

    def validate(value) -> None:
        field = _Field(value)
        for validator in (no_control_characters, *validators):
            try:
                validator(None, field)
            except (FormError, StopValidation) as error:
                raise ValidationError(str(error)) from None

    return validate


def ask_form(check, value, *args, **kwargs) -> list[str]:
    """Return what `check(field, …)` of a form finds wrong with `value`."""
    try:
        check(_Field(value), *args, **kwargs)
    except (FormError, StopValidation) as error:
        return [str(error)]
    return []
