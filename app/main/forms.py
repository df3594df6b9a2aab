"""Forms of the site."""

from flask_login import current_user
from wtforms import (
    BooleanField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, ValidationError

from ..exceptions import RateLimitExceeded
from ..extensions import db
from ..lib.markdown import COMMENT_LIMIT, POST_LIMIT
from ..lib.pictures import MOST_BYTES, UnusablePicture, squares
from ..models import Role
from ..models.account_closure import LastAdministrator, ensure_another_administrator
from ..queries.people import is_email_taken, roles_by_name
from ..web.editor import MarkdownField
from ..web.forms import (
    AtMostBytes,
    Form,
    SubmissionField,
    UploadField,
    check_username_is_free,
    email_validators,
    single_line,
    username_validators,
)
from ..web.throttle import throttle


class PostForm(Form):
    body = MarkdownField(
        "What's on your mind?", validators=[DataRequired(), AtMostBytes(POST_LIMIT)]
    )
    submission = SubmissionField()
    submit = SubmitField("Submit")


class CommentForm(Form):
    body = StringField(
        "Enter your comment", validators=[DataRequired(), AtMostBytes(COMMENT_LIMIT)]
    )
    submission = SubmissionField()
    submit = SubmitField("Submit")


class DeleteForm(Form):
    submit = SubmitField("Delete")


class EditProfileForm(Form):
    name = StringField("Real name", validators=[Length(0, 64)], filters=[single_line])
    location = StringField("Location", validators=[Length(0, 64)], filters=[single_line])
    about_me = TextAreaField("About me", validators=[AtMostBytes(COMMENT_LIMIT)])
    upload = UploadField("Picture")
    submit = SubmitField("Submit")
    remove_picture = SubmitField("Remove picture")

    squares: dict[int, bytes] | None = None  # what the upload becomes

    def validate_upload(self, field) -> None:
        if field.data is None or self.remove_picture.data:
            return
        try:
            throttle("PICTURE", current_user.id)
            # The try counts, whatever comes of it, and nobody who writes waits for the decoding.
            db.session.commit()
            self.squares = squares(field.data.read(MOST_BYTES + 1))
        except RateLimitExceeded:
            raise ValidationError(
                "You have sent many pictures today. Please try again tomorrow."
            ) from None
        except UnusablePicture as error:
            raise ValidationError(str(error)) from None


def _role_id(role: Role | str) -> int:
    """Return the id of a role as the database holds it, or as the form sends it."""
    return role.id if isinstance(role, Role) else int(role)


class EditProfileAdminForm(Form):
    email = StringField("Email", validators=email_validators(), filters=[single_line])
    username = StringField("Username", validators=username_validators())
    confirmed = BooleanField("Confirmed")
    role = SelectField("Role", coerce=_role_id)
    name = StringField("Real name", validators=[Length(0, 64)], filters=[single_line])
    location = StringField("Location", validators=[Length(0, 64)], filters=[single_line])
    about_me = TextAreaField("About me", validators=[AtMostBytes(COMMENT_LIMIT)])
    submit = SubmitField("Submit")

    def __init__(self, user, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        self.roles = {role.id: role for role in roles_by_name()}
        self.role.choices = [SelectChoice(role.id, role.name) for role in self.roles.values()]
        if self.role.data is None and not self.is_submitted():
            # Nobody is promoted by a list whose first name a browser takes for chosen.
            defaults = [role.id for role in self.roles.values() if role.default]
            self.role.data = next(iter(defaults), None)

    def validate_email(self, field) -> None:
        changed = field.data and field.data.lower() != self.user.email
        if changed and not field.errors and is_email_taken(field.data, but_by=self.user):
            raise ValidationError("Email already registered.")

    def validate_username(self, field) -> None:
        if field.data != self.user.username:
            check_username_is_free(field, but_by=self.user)

    def validate_role(self, field) -> None:
        role = self.roles.get(field.data)
        if role is None or role == self.user.role:
            return
        try:
            ensure_another_administrator(self.user)
        except LastAdministrator:
            raise ValidationError(
                "This is the last administrator. Make somebody else one first."
            ) from None


class AppearanceForm(Form):
    theme = RadioField(
        "Colours",
        choices=[
            SelectChoice("system", "Like my device"),
            SelectChoice("light", "Light"),
            SelectChoice("dark", "Dark"),
        ],
        default="system",
        validators=[DataRequired()],
    )
    submit = SubmitField("Save")
