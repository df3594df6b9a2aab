"""Forms for accounts."""

from wtforms import (
    BooleanField,
    PasswordField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
)
from wtforms.validators import DataRequired, EqualTo, Length
from wtforms.widgets import CheckboxInput, ListWidget

from ..models.api_token import DEFAULT_DAYS, LONGEST_NAME, MOST_DAYS
from ..web.forms import (
    Form,
    check_strength,
    check_username_is_free,
    email_validators,
    single_line,
    username_validators,
)


def email_field(label: str) -> StringField:
    return StringField(label, validators=email_validators(), filters=[single_line])


class LoginForm(Form):
    email = email_field("Email")
    password = PasswordField("Password", validators=[DataRequired()])
    remember_me = BooleanField("Keep me logged in")
    submit = SubmitField("Log In")


class RegistrationForm(Form):
    email = email_field("Email")
    username = StringField("Username", validators=username_validators())
    password = PasswordField(
        "Password",
        validators=[DataRequired(), EqualTo("password2", message="Passwords must match.")],
    )
    password2 = PasswordField("Confirm password", validators=[DataRequired()])
    submit = SubmitField("Register")

    def validate_username(self, field) -> None:
        check_username_is_free(field)

    def validate_password(self, field) -> None:
        check_strength(field, self.username.data, self.email.data)


class _NewPasswordForm(Form):
    """A form that sets a password of `user`, who is known already."""

    def __init__(self, user, **kwargs):
        super().__init__(**kwargs)
        self.user = user

    def validate_password(self, field) -> None:
        check_strength(field, self.user.username, self.user.email)


class ChangePasswordForm(_NewPasswordForm):
    old_password = PasswordField("Old password", validators=[DataRequired()])
    password = PasswordField(
        "New password",
        validators=[DataRequired(), EqualTo("password2", message="Passwords must match.")],
    )
    password2 = PasswordField("Confirm new password", validators=[DataRequired()])
    submit = SubmitField("Update Password")


class PasswordResetRequestForm(Form):
    email = email_field("Email")
    submit = SubmitField("Reset Password")


class PasswordResetForm(_NewPasswordForm):
    password = PasswordField(
        "New Password",
        validators=[DataRequired(), EqualTo("password2", message="Passwords must match.")],
    )
    password2 = PasswordField("Confirm password", validators=[DataRequired()])
    submit = SubmitField("Reset Password")


class ChangeEmailForm(Form):
    email = email_field("New Email")
    password = PasswordField("Password", validators=[DataRequired()])
    submit = SubmitField("Update Email Address")


class DeleteAccountForm(Form):
    password = PasswordField("Password", validators=[DataRequired()])
    submit = SubmitField("Delete my account for good")


class TokenForm(Form):
    name = StringField(
        "What it is for",
        validators=[DataRequired(), Length(1, LONGEST_NAME)],
        filters=[single_line],
    )
    scopes = SelectMultipleField(
        "What it may do",
        choices=[
            SelectChoice("read", "Read"),
            SelectChoice("write", "Write, comment and follow"),
            SelectChoice("moderate", "Moderate"),
            SelectChoice("admin", "Administer"),
        ],
        default=["read"],
        validators=[DataRequired()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = SelectField(
        "How long it works",
        coerce=int,
        choices=[
            SelectChoice(7, "7 days"),
            SelectChoice(DEFAULT_DAYS, "30 days"),
            SelectChoice(90, "90 days"),
            SelectChoice(MOST_DAYS, "1 year"),
        ],
        default=DEFAULT_DAYS,
    )
    password = PasswordField("Your password", validators=[DataRequired()])
    submit = SubmitField("Make the token")
