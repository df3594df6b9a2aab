"""What every form of ours has in common."""

import pytest
from wtforms import StringField

from app.web.editor import MarkdownField
from app.web.forms import (
    AtMostBytes,
    Form,
    SubmissionField,
    email_validators,
    single_line,
    username_validators,
)

CONTROL = "Please remove the invisible control characters."


class Sample(Form):
    text = StringField()
    email = StringField(validators=email_validators(), filters=[single_line])
    username = StringField(validators=username_validators())
    short = StringField(validators=[AtMostBytes(2048)])
    body = MarkdownField()
    submission = SubmissionField()


@pytest.fixture
def filled_in(app):
    """Return the sample form as if it had been sent with these fields, and validated."""

    def fill(**fields):
        with app.test_request_context(method="POST", data=fields):
            form = Sample()
            form.validate()
            return form

    return fill


@pytest.mark.parametrize("text", ["a\0", "\x01", "\x1b[31m", "\x7f"])
def test_control_characters_are_refused(filled_in, text):
    form = filled_in(text=text, username=text, email=text)
    assert form.text.errors == [CONTROL]
    assert CONTROL in [*form.username.errors, CONTROL]
    assert form.username.errors
    assert form.email.errors


@pytest.mark.parametrize("text", ["", "a\tb\r\nc", "\u202e\u200b", "💩"])
def test_other_characters_are_not(filled_in, text):
    assert filled_in(text=text).text.errors == []


def test_a_text_that_is_checked_for_something_else_as_well_is_refused_too(app):
    with app.test_request_context(method="POST", data={"text": "\0"}):
        form = Sample()
        assert not form.validate(extra_validators={"text": [], "short": []})
    assert form.text.errors == [CONTROL]


@pytest.mark.parametrize("address", ["ann@example.com", "a.b+c@sub.example.org", "x@exämple.com"])
def test_addresses_that_can_be_written_to(filled_in, address):
    assert filled_in(email=f"  {address}\n").email.errors == []


@pytest.mark.parametrize(
    "address",
    ["x", "@example.com", "a@", "a@b", "a b@example.com", "a@example.com, b@example.com",
     "a@example..com", "jörg@example.com", "<a@example.com>", "a@example.com\nb", "a@[127.0.0.1]"],
)  # fmt: skip
def test_addresses_that_cannot(filled_in, address):
    assert filled_in(email=address).email.errors == ["Invalid email address."]


def test_a_limit_counts_bytes(filled_in):
    assert filled_in(short="x" * 2048).short.errors == []
    assert filled_in(short="ä" * 1024).short.errors == []
    message = "This is too long by 2 bytes; up to 2 KB are fine."
    assert filled_in(short="ä" * 1025).short.errors == [message]


def test_line_ends_of_the_editor_count_once(filled_in):
    assert filled_in(body="a\r\nb\r\n").body.data == "a\nb\n"


def test_every_form_carries_a_mark_of_its_own(app):
    with app.test_request_context():
        marks = [Sample().submission._value() for _ in range(2)]
    assert len(set(marks)) == 2
    assert all(len(mark) == 36 for mark in marks)


@pytest.mark.parametrize("mark", ["", "x", "0" * 35, "0" * 37, "<" * 36, "0" * 36 + "\n"])
def test_a_mark_that_was_made_up_counts_for_nothing(filled_in, mark):
    assert filled_in(submission=mark).submission.data is None


def test_a_mark_is_kept_while_its_form_is_corrected(filled_in):
    mark = "0123456789abcdef0123456789abcdef-123"
    assert filled_in(submission=mark).submission.data == mark


def test_a_form_that_was_not_sent_keeps_what_it_was_given(app):
    with app.test_request_context("/?text=from-the-address"):
        assert Sample(data={"text": "given"}).text.data == "given"
        assert not Sample(data={"text": "given"}).validate_on_submit()


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"text": ["a", "list"]}},
        {"json": None},
        {"json": [1, 2]},
        {"data": "text=x", "content_type": "text/plain"},
        {"data": b"{", "content_type": "application/json"},
    ],
)
def test_what_is_no_form_fills_in_nothing(app, sent):
    with app.test_request_context(method="POST", **sent):
        form = Sample()
        assert not form.validate()
        assert form.text.data is None


def test_one_line_has_no_space_around_it():
    assert single_line("  a b \n") == "a b"
    assert single_line(None) is None
    assert single_line("") == ""
