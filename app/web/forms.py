"""What every form of ours has in common."""

import re
from functools import cached_property
from types import MappingProxyType
from uuid import uuid4

from flask import current_app, request
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, StringField
from wtforms.csrf.core import CSRFTokenField
from wtforms.utils import unset_value
from wtforms.validators import DataRequired, Length, Regexp, StopValidation, ValidationError
from wtforms.validators import Email as EmailSyntax

from ..lib import usernames
from ..lib.passwords import weakness
from ..queries.people import is_username_taken

# Control characters have no place in a text, and PostgreSQL stores no NUL. Tab, line feed and
# carriage return are what a text area sends.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def no_control_characters(_form, field) -> None:
    if isinstance(field.data, str) and _CONTROL.search(field.data):
        raise StopValidation("Please remove the invisible control characters.")


class _TokenField(CSRFTokenField):
    """Makes the token when it is shown: a form that was sent and is right shows none."""

    def process(self, *args, **kwargs) -> None:
        HiddenField.process(self, *args, **kwargs)

    def _value(self) -> str:
        return self.csrf_impl.generate_csrf_token(self)

    current_token = property(_value)


class _Tokens(FlaskForm.Meta.csrf_class):
    field_class = _TokenField


class Form(FlaskForm):
    """A form whose text fields hold text: no file or JSON in its stead, no control characters."""

    is_blank = False

    class Meta:
        csrf_class = _Tokens

    def __init__(self, **kwargs):
        if self.is_submitted():
            kwargs.setdefault("formdata", request.form or None)
        super().__init__(**kwargs)

    def validate(self, extra_validators=None) -> bool:
        checks = {
            field.name: [no_control_characters] for field in self if isinstance(field, StringField)
        }
        for name, more in (extra_validators or {}).items():
            checks.setdefault(name, []).extend(more)
        return super().validate(checks)


def email_validators() -> list:
    # Flask-Mail cannot write to `jörg@`; a domain outside ASCII is no trouble.
    return [DataRequired(), Length(1, 254), EmailSyntax(allow_smtputf8=False)]


def username_validators() -> list:
    message = "Usernames must have only letters, numbers, dots or underscores"
    return [
        DataRequired(),
        Length(1, usernames.LONGEST),
        Regexp(usernames.PATTERN, message=message),
    ]


def check_username_is_free(field, *, but_by=None) -> None:
    """Raise ValidationError if the name is reserved or somebody other than `but_by` has it."""
    if field.errors:
        return
    if usernames.is_reserved(field.data):
        raise ValidationError("This username is reserved. Please choose another one.")
    if is_username_taken(field.data, but_by=but_by):
        raise ValidationError("Username already in use.")


def check_strength(password_field, *context: str | None) -> None:
    """Raise ValidationError if the password is too weak for somebody known by `context`."""
    if password_field.errors:
        return
    problem = weakness(
        password_field.data,
        min_length=current_app.config["FLASKY_PASSWORD_MIN_LENGTH"],
        min_score=current_app.config["FLASKY_PASSWORD_MIN_SCORE"],
        context=tuple(word for word in context if word),
    )
    if problem:
        raise ValidationError(problem)


class AtMostBytes:
    """Refuse a text that takes more than `limit` bytes in UTF-8."""

    def __init__(self, limit: int):
        self.limit = limit

    def __call__(self, _form, field) -> None:
        size = len((field.data or "").encode("utf-8", "surrogatepass"))
        if size > self.limit:
            kilobytes = self.limit // 1024
            raise ValidationError(
                f"This is too long by {size - self.limit} bytes; up to {kilobytes} KB are fine."
            )


# Marks that reorder the text around them (Unicode TR9): a name that holds one could turn the
# line it stands in around.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def single_line(text: str | None) -> str | None:
    """Return `text` without space at its ends and without marks that reorder its neighbours."""
    return text and _BIDI.sub("", text).strip()


class UploadField(FileField):
    """A file, taken from the files of the request alone; `data` is None when none was chosen."""

    def process(self, formdata, data=unset_value, extra_filters=None) -> None:
        super().process(None, None, extra_filters)
        file = request.files.get(self.name)
        self.data = file if file is not None and file.filename else None


class BlankForm:
    """Stands in for a form for one text, with a SubmissionField, that is only shown.

    A blank form looks the same for everybody but for its hidden fields, so that its template keeps
    it: the form itself is made where something else of it is asked for.
    """

    is_blank = True
    errors = MappingProxyType({})

    def __init__(self, form_class: type[Form]):
        self._class = form_class

    @cached_property
    def _form(self) -> Form:
        return self._class(formdata=None)

    def __getattr__(self, name: str):
        return getattr(self._form, name)


def sent_or_blank(form_class: type[Form]) -> Form | BlankForm:
    """Return the form that came with this request, or else a blank one to be filled in."""
    return form_class() if request.method == "POST" else BlankForm(form_class)


def new_submission() -> str:
    """Return a mark for a form that is about to be filled in; see SubmissionField."""
    return str(uuid4())


class SubmissionField(HiddenField):
    """A random mark, so that a form sent twice makes one row.

    Programs may leave it out; then every request counts.
    """

    def __init__(self, **kwargs):
        super().__init__(default=new_submission, **kwargs)

    def process(self, formdata, data=unset_value, extra_filters=None) -> None:
        is_sent = formdata is not None and self.name in formdata
        super().process(formdata, None if is_sent else data, extra_filters)

    def process_formdata(self, valuelist) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not re.fullmatch(r"[0-9a-f-]{36}", self.data):
            self.data = None
