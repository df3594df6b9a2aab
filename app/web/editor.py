"""Flask-PageDown's field under a strict Content-Security-Policy.

Flask-PageDown writes an inline script and loads a converter from a CDN that speaks another
Markdown than the server. Here the field is a plain text area; the template asks the server for
the preview, which is rendered by the function that also publishes.
"""

from flask_pagedown.fields import PageDownField
from markupsafe import Markup
from wtforms.widgets import TextArea

from ..lib.markdown import render_post


class EditorWidget(TextArea):
    def __call__(self, field, **kwargs) -> Markup:
        kwargs.setdefault("class", "editor-input")
        kwargs.setdefault("dir", "auto")
        return super().__call__(field, **kwargs)


class MarkdownField(PageDownField):
    widget = EditorWidget()

    def process_formdata(self, valuelist) -> None:
        """Take line ends as LF: forms send CRLF, the preview does not, and both count bytes."""
        super().process_formdata([text.replace("\r\n", "\n") for text in valuelist])


class LocalPageDown:
    """What templates know as `pagedown`: there is nothing to include from elsewhere."""

    def include_pagedown(self) -> Markup:
        return Markup("")

    html_head = include_pagedown


def preview_of(body: str | None) -> Markup:
    """Return the HTML that `body` would be published as, or why it would not be."""
    try:
        return Markup(render_post(body or ""))  # noqa: S704 (sanitised there)
    except ValueError as error:
        return Markup("<p>{}</p>").format(error)
