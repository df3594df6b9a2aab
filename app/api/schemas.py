"""The shapes of everything that goes in and out: validation, answers and description in one.

What goes out is made by the models' own to_json where the contract names one; the schema of the
same name says which keys there are, and nothing else gets through.
"""

from marshmallow import EXCLUDE, Schema, fields, validate
from wtforms.validators import Length

from ..lib import cursors, usernames
from ..lib.markdown import COMMENT_LIMIT, POST_LIMIT
from ..models.api_token import DEFAULT_DAYS, LONGEST_NAME, MOST_DAYS, SCOPES
from ..web.forms import AtMostBytes, email_validators, username_validators
from .fields import Flag, Line, Whole, text, written

_ROLES = ("User", "Moderator", "Administrator")


def _link(description: str, *, nullable: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"description": description})


def _date(*, nullable: bool = True) -> fields.String:
    return fields.String(
        required=True,
        allow_none=nullable,
        metadata={
            "description": "HTTP date (RFC 9110)",
            "example": "Sun, 22 Dec 2013 08:30:27 GMT",
        },
    )


def _given(*, nullable: bool = False, **kwargs) -> fields.String:
    return fields.String(required=True, allow_none=nullable, **kwargs)


def _number() -> fields.Integer:
    return fields.Integer(required=True)


class Base(Schema):
    class Meta:
        unknown = EXCLUDE  # keys that we do not know are ignored


# --- Answers ---------------------------------------------------------------------------------


class ErrorSchema(Base):
    error = _given(metadata={"example": "bad request"})
    message = _given(metadata={"example": "post does not have a body"})
    fields_ = fields.Dict(
        data_key="fields",
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong with each field, where a field is wrong"},
    )


class MessageSchema(Base):
    message = _given()


class UserSchema(Base):
    url = _link("This user")
    username = _given(nullable=True)
    member_since = _date()
    last_seen = _date()
    posts_url = _link("Their posts, newest first")
    followed_posts_url = _link("Posts of those they follow, newest first")
    post_count = _number()


class PostSchema(Base):
    url = _link("This post")
    body = _given(nullable=True, metadata={"description": "Markdown"})
    body_html = _given(nullable=True, metadata={"description": "Safe HTML"})
    timestamp = _date()
    author_url = _link("Who wrote it", nullable=True)
    comments_url = _link("Its comments, oldest first")
    comment_count = _number()


class CommentSchema(Base):
    url = _link("This comment")
    post_url = _link("The post below which it stands", nullable=True)
    body = _given(nullable=True, metadata={"description": "Markdown; null while disabled"})
    body_html = _given(nullable=True, metadata={"description": "Safe HTML; null while disabled"})
    disabled = fields.Boolean(required=True)
    timestamp = _date()
    author_url = _link("Who wrote it", nullable=True)


class ModeratedCommentSchema(CommentSchema):
    """A comment as moderators see it, with its text also while it is disabled."""


class FollowSchema(Base):
    user_url = _link("Who follows, or is followed")
    username = _given(nullable=True)
    timestamp = _date()


class FollowingSchema(Base):
    following = fields.Boolean(required=True, metadata={"description": "You follow them"})
    followed_by = fields.Boolean(required=True, metadata={"description": "They follow you"})


class ProfileSchema(Base):
    url = _link("The user")
    username = _given(nullable=True)
    name = _given(nullable=True)
    location = _given(nullable=True)
    about_me = _given(nullable=True)
    picture_url = _link("The picture that they uploaded, as WebP", nullable=True)


class AccountSchema(ProfileSchema):
    """What only the person and administrators see."""

    email = _given(nullable=True)
    confirmed = fields.Boolean(required=True)
    role = _given(nullable=True)


class ShortTokenSchema(Base):
    token = _given()
    expiration = fields.Integer(required=True, metadata={"description": "Seconds"})


class TokenSchema(Base):
    url = _link("This token")
    name = _given()
    scopes = fields.List(fields.String(), required=True)
    created_at = _date()
    expires_at = _date()
    last_used_at = _date()


class NewTokenSchema(TokenSchema):
    token = _given(metadata={"description": "Shown this once"})


class SessionSchema(Base):
    url = _link("This session")
    device = _given()
    ip_address = _given()
    created_at = _date()
    last_used_at = _date()


class Tokens(Base):
    tokens = fields.List(fields.Nested(TokenSchema), required=True)


class Sessions(Base):
    sessions = fields.List(fields.Nested(SessionSchema), required=True)


class Collection(Base):
    prev = _link("The same as prev_url", nullable=True)
    prev_url = _link("The part before this one", nullable=True)
    next = _link("The same as next_url", nullable=True)
    next_url = _link("The part after this one", nullable=True)
    count = fields.Integer(required=True, metadata={"description": "How many there are in all"})


class Posts(Collection):
    posts = fields.List(fields.Nested(PostSchema), required=True)


class Comments(Collection):
    comments = fields.List(fields.Nested(CommentSchema), required=True)


class ModeratedComments(Collection):
    comments = fields.List(fields.Nested(ModeratedCommentSchema), required=True)


class Follows(Collection):
    users = fields.List(fields.Nested(FollowSchema), required=True)


# --- Requests --------------------------------------------------------------------------------


class Asked(Base):
    """Which part of a collection."""

    page = fields.Raw(
        metadata={
            "description": "Number of a page, from 1; whatever is no number counts as 1",
            # No address of ours holds a NUL (startup/security.py).
            "type": "string",
            "pattern": "^[^\\x00]*$",
        }
    )
    per_page = fields.Integer(validate=validate.Range(1, 100))
    after = fields.String(
        validate=validate.Regexp(cursors.PATTERN_OR_EMPTY),
        metadata={"description": "A cursor: what follows it. Empty: from the start"},
    )
    before = fields.String(
        validate=validate.Regexp(cursors.PATTERN),
        metadata={"description": "A cursor: what comes before it. Not together with after"},
    )


class NewPost(Base):
    body = written("post", AtMostBytes(POST_LIMIT), required=True, limit=POST_LIMIT)


class PostChange(Base):
    body = written("post", AtMostBytes(POST_LIMIT), required=False, limit=POST_LIMIT)


class NewComment(Base):
    body = written("comment", AtMostBytes(COMMENT_LIMIT), required=True, limit=COMMENT_LIMIT)


def _email(**kwargs) -> fields.Field:
    return text(*email_validators(), kind=Line, maxLength=254, format="email", **kwargs)


def _username(**kwargs) -> fields.Field:
    pattern = usernames.PATTERN.replace(r"\Z", "$")
    validators = username_validators()
    return text(*validators, pattern=pattern, minLength=1, maxLength=usernames.LONGEST, **kwargs)


def _secret(**kwargs) -> fields.Field:
    return fields.String(validate=validate.Length(1, 1024), **kwargs)


class ProfileChange(Base):
    name = text(Length(0, 64), kind=Line, maxLength=64)
    location = text(Length(0, 64), kind=Line, maxLength=64)
    about_me = text(AtMostBytes(COMMENT_LIMIT), description="Up to 8 KB in UTF-8")


class AccountChange(ProfileChange):
    email = _email()
    username = _username()
    confirmed = Flag()
    role = fields.String(validate=validate.OneOf(_ROLES))


class Registration(Base):
    email = _email(required=True)
    username = _username(required=True)
    password = _secret(required=True)


class Email(Base):
    email = _email(required=True)


class LinkToken(Base):
    token = _secret(required=True, metadata={"description": "From the link in the mail"})


class NewPassword(Base):
    password = _secret(required=True)


class PasswordReset(LinkToken, NewPassword):
    pass


class TokenRequest(Base):
    name = text(
        Length(1, LONGEST_NAME),
        kind=Line,
        required=True,
        minLength=1,
        maxLength=LONGEST_NAME,
    )
    scopes = fields.List(
        fields.String(validate=validate.OneOf(tuple(SCOPES))),
        required=True,
        validate=validate.Length(1, len(SCOPES)),
    )
    days = Whole(
        load_default=DEFAULT_DAYS,
        validate=validate.Range(1, MOST_DAYS),
        metadata={"description": "After how many days it ends"},
    )
