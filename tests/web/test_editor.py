"""The editor: Flask-PageDown's field without its inline script and its CDN."""

import pytest
from flask import render_template_string

from app.main.forms import PostForm
from app.web.editor import preview_of
from tests.web.page import Page


def test_the_field_is_a_plain_text_area(app):
    with app.test_request_context():
        html = PostForm(data={"body": "</textarea><script>"}).body()
    page = Page(str(html))
    assert page.first("textarea")["name"] == "body"
    assert page.all("script") == []
    assert page.first("textarea").text == "</textarea><script>"


@pytest.mark.parametrize("call", ["pagedown.include_pagedown()", "pagedown.html_head()"])
def test_nothing_is_loaded_from_elsewhere(app, call):
    with app.test_request_context():
        assert render_template_string("{{ " + call + " }}") == ""


def test_the_preview_is_the_post_or_why_there_will_be_none():
    assert preview_of("*a*") == "<p><em>a</em></p>"
    assert preview_of(None) == preview_of("") == ""
    assert "65536" in preview_of("x" * (64 * 1024 + 1))
