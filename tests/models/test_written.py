"""Posts and comments: text in Markdown, its HTML, and both as JSON."""

import pytest
import time_machine
from sqlalchemy import event

from app.exceptions import ValidationError
from app.extensions import db
from app.lib.clock import utcnow
from app.lib.markdown import COMMENT_LIMIT, POST_LIMIT, RENDER_VERSION
from app.models import Comment, Post

BOTH = pytest.mark.parametrize("model", [Post, Comment])
REL = 'rel="nofollow ugc noopener noreferrer"'
WHEN = "2013-12-22T08:30:27Z"
HTTP_DATE = "Sun, 22 Dec 2013 08:30:27 GMT"


# --- The body event ------------------------------------------------------------------------


def test_the_text_of_a_post_is_rendered_when_it_is_set():
    post = Post(body="body of the *blog* post")
    assert post.body_html == "<p>body of the <em>blog</em> post</p>"


def test_the_text_of_a_comment_is_rendered_without_a_paragraph():
    assert Comment(body="nice").body_html == "nice"


@BOTH
def test_setting_the_text_again_renders_it_again(model):
    row = model(body="*one*")
    row.body = "*two*"
    assert "<em>two</em>" in row.body_html
    assert "one" not in row.body_html


@BOTH
def test_setting_the_text_to_none_clears_the_html(model):
    row = model(body="text")
    row.body = None
    assert (row.body, row.body_html) == (None, None)
    assert model(body=None).body_html is None


@BOTH
def test_an_empty_text_has_empty_html(model):
    assert model(body="").body_html == ""


@BOTH
def test_the_version_of_the_renderer_is_stored_with_the_html(model):
    row = model()
    assert row.render_version in (None, 0)
    row.body = "text"
    assert row.render_version == RENDER_VERSION


@BOTH
def test_the_listener_can_be_called_by_its_name(model):
    """As SQLAlchemy calls it; a program may do so for a column that it changed behind its back."""
    row = model()
    model.on_changed_body(row, "*text*", None, None)
    assert "<em>text</em>" in row.body_html
    assert event.contains(model.body, "set", model.on_changed_body)


@BOTH
def test_bare_addresses_become_links_and_every_link_says_what_it_is(model):
    row = model(body="see https://example.com/a and [this](https://example.com/b 'Title')")
    assert row.body_html.count(REL) == 2
    assert 'href="https://example.com/a"' in row.body_html
    assert 'title="Title"' in row.body_html


@BOTH
def test_addresses_inside_code_stay_code(model):
    assert "<a " not in model(body="`https://example.com/`").body_html


@BOTH
@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
     "<a href='javascript:alert(1)'>x</a>", "<https://example.com/\" onclick=alert(1)>",
     "<iframe src=//evil.example></iframe>", "<style>*{}</style>", "![x](javascript:alert(1))"],
)  # fmt: skip
def test_nothing_that_runs_survives(model, text):
    html = model(body=text).body_html
    for opened in ("<script", "<img", "<iframe", "<style", 'href="javascript', "<a onclick"):
        assert opened not in html.lower()


@pytest.mark.parametrize(
    ("text", "tag"),
    [("> q", "blockquote"), ("**b**", "strong"), ("*e*", "em"), ("`c`", "code"), ("- l", "ul"),
     ("1. l", "ol"), ("- l", "li"), ("    p", "pre"), ("# h", "h1"), ("## h", "h2"),
     ("### h", "h3"), ("p", "p"), ("<https://e.org>", "a")],
)  # fmt: skip
def test_a_post_may_hold_the_tags_of_the_contract(text, tag):
    assert f"<{tag}" in Post(body=text).body_html


@pytest.mark.parametrize(
    ("text", "tag"), [("`c`", "code"), ("*e*", "em"), ("**s**", "strong"), ("<https://e.org>", "a")]
)
def test_a_comment_may_hold_the_tags_of_the_contract(text, tag):
    assert f"<{tag}" in Comment(body=text).body_html


@pytest.mark.parametrize("text", ["# heading", "![picture](/avatar/ann.svg)", "---"])
def test_a_comment_holds_no_headings_and_no_pictures(text):
    html = Comment(body=text).body_html
    assert not any(tag in html for tag in ("<h1", "<img", "<hr"))


@pytest.mark.parametrize(("model", "limit"), [(Post, POST_LIMIT), (Comment, COMMENT_LIMIT)])
def test_a_text_has_a_longest_length(model, limit):
    assert model(body="x" * limit).body_html
    with pytest.raises(ValidationError, match=str(limit)):
        model(body="x" * (limit + 1))


def test_a_validation_error_is_a_value_error():
    assert issubclass(ValidationError, ValueError)


# --- Rows ----------------------------------------------------------------------------------


@BOTH
def test_times_default_to_now_in_utc(app, model):
    with time_machine.travel(1_700_000_000, tick=False):
        row = model(body="x")
        db.session.add(row)
        db.session.commit()
        assert row.timestamp == utcnow()


def test_a_comment_is_enabled_until_somebody_says_otherwise(make_comment):
    comment = make_comment()
    assert comment.disabled is None
    comment.disable()
    assert comment.disabled is True
    comment.enable()
    assert comment.disabled is False


def test_changing_a_text_remembers_when(make_post, make_comment):
    for written in make_post("before"), make_comment("before"):
        assert written.edited_at is None
        with time_machine.travel(2_000_000_000, tick=False):
            written.body = "*after*"
            assert written.edited_at == utcnow()
        assert "<em>after</em>" in written.body_html


def test_the_same_words_are_no_change(make_post):
    post = make_post("same")
    post.body = "same"
    assert post.edited_at is None


def test_rows_know_each_other(ann, make_post, make_comment):
    post = make_post(author=ann)
    comment = make_comment(post=post, author=ann)
    assert ann.posts.all() == [post]
    assert ann.comments.all() == post.comments.all() == [comment]
    assert (comment.post, comment.author, post.author) == (post, ann, ann)
    assert post.comments.filter(Comment.disabled.is_(None)).count() == 1


# --- JSON ----------------------------------------------------------------------------------


def test_the_json_of_a_post(ann, make_post, make_comment):
    with time_machine.travel(WHEN, tick=False):
        post = make_post("*x*", author=ann)
    make_comment(post=post)
    assert post.to_json() == {
        "url": f"/api/v1/posts/{post.id}",
        "body": "*x*",
        "body_html": "<p><em>x</em></p>",
        "timestamp": HTTP_DATE,
        "author_url": f"/api/v1/users/{ann.id}",
        "comments_url": f"/api/v1/posts/{post.id}/comments/",
        "comment_count": 1,
    }


def test_the_json_of_a_comment(ann, make_post, make_comment):
    post = make_post()
    with time_machine.travel(WHEN, tick=False):
        comment = make_comment("*x*", author=ann, post=post)
    assert comment.to_json() == {
        "url": f"/api/v1/comments/{comment.id}",
        "post_url": f"/api/v1/posts/{post.id}",
        "body": "*x*",
        "body_html": "<em>x</em>",
        "disabled": False,
        "timestamp": HTTP_DATE,
        "author_url": f"/api/v1/users/{ann.id}",
    }


def test_the_json_of_a_disabled_comment_holds_no_text(make_comment):
    comment = make_comment("a secret")
    comment.disable()
    db.session.commit()
    json = comment.to_json()
    assert (json["disabled"], json["body"], json["body_html"]) == (True, None, None)
    assert "secret" not in str(json)


def test_the_json_of_rows_that_hang_on_nothing(app):
    post, comment = Post(body="x"), Comment(body="x")
    db.session.add_all([post, comment])
    db.session.commit()
    assert post.to_json()["author_url"] is None
    assert comment.to_json()["author_url"] is None
    assert comment.to_json()["post_url"] is None


def test_the_json_of_a_row_without_a_time(app):
    post = Post(body="x", timestamp=None)
    assert post.to_json()["timestamp"] is None


@BOTH
def test_a_row_is_made_from_json(model):
    row = model.from_json({"body": "*x*", "author_id": 7, "disabled": True, "id": 5})
    assert isinstance(row, model)
    assert row.body == "*x*"
    assert "<em>x</em>" in row.body_html
    assert (row.id, row.author_id) == (None, None)


@BOTH
@pytest.mark.parametrize(
    "json", [{}, {"body": None}, {"body": ""}, {"body": " \n\t "}, {"body": 5}, {"body": []},
             {"body": {}}, {"body": True}, {"text": "x"}]
)  # fmt: skip
def test_json_without_a_text_is_refused(model, json):
    name = "post" if model is Post else "comment"
    with pytest.raises(ValidationError, match=f"^{name} does not have a body$"):
        model.from_json(json)


@BOTH
def test_json_with_too_long_a_text_is_refused(model):
    with pytest.raises(ValidationError, match="at most"):
        model.from_json({"body": "x" * (POST_LIMIT + 1)})
