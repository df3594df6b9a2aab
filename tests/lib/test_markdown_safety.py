"""No text, however hostile, becomes more than text, harmless tags and safe links."""

from unittest.mock import patch

import bleach
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.lib import markdown
from app.lib.highlighting import CLASSES, LANGUAGES
from app.lib.markdown import (
    build_parser,
    render_comment,
    render_post,
    sanitize_comment,
    sanitize_post,
)
from benchmarks.rendering import UNITS, fill, whole_texts
from tests.lib.outline import outline
from tests.lib.payloads import PAYLOADS

# Written down a second time on purpose: a tag added by mistake in the code must fail here.
COMMENT_TAGS = {*"a abbr acronym b blockquote br code em i li ol p pre s span strong ul".split()}
POST_TAGS = COMMENT_TAGS | {*"h1 h2 h3 h4 h5 h6 hr img table thead tbody tr th td".split()}
ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "abbr": {"title"},
    "acronym": {"title"},
    "code": {"class"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "pre": {"class"},
    "span": {"class"},
    "td": {"class"},
    "th": {"class"},
}
CSS_CLASSES = {
    "code": {f"language-{name}" for name in LANGUAGES},
    "pre": {"highlight"},
    "span": CLASSES,
    "td": {"align-left", "align-center", "align-right"},
    "th": {"align-left", "align-center", "align-right"},
}
VOID = {"br", "hr", "img"}


def assert_harmless(html: str, tags: set[str]) -> None:
    inside: list[str] = []
    for item in outline(html):
        if item[0] == "open":
            assert_tag_harmless(item[1], item[2], tags)
            # Colours are for code alone.
            assert item[1] != "span" or inside[-1] == "code", html
            if item[1] not in VOID:
                inside.append(item[1])
        elif item[0] == "close":
            assert inside.pop() == item[1], html
        else:
            assert item[0] == "text", html
    assert not inside, html


def assert_tag_harmless(tag: str, attributes: dict[str, str], tags: set[str]) -> None:
    assert tag in tags
    assert set(attributes) <= ATTRIBUTES.get(tag, set()), attributes
    if "class" in attributes:
        assert attributes["class"] in CSS_CLASSES[tag]
    if "start" in attributes:
        assert attributes["start"].isdigit()
    if tag == "a":
        assert attributes["rel"] == "nofollow ugc noopener noreferrer"
        # nh3 takes away what is no address at all, like `http://[`.
        assert_url_harmless(attributes.get("href", ""))
    if tag == "img":
        assert attributes["loading"] == "lazy"
        assert attributes["src"].startswith("/")
        assert not attributes["src"].startswith(("//", "/\\"))


def assert_url_harmless(url: str) -> None:
    # As a browser reads it: without control characters and blanks. Also refused is what is no
    # scheme but looks like one to a person, like `java%09script:`.
    read = "".join(sign for sign in url if ord(sign) > 32).lower()
    scheme, colon, _ = read.partition(":")
    if colon and not set(scheme) & set("/?#"):
        assert scheme in ("http", "https", "mailto"), url


def test_the_check_itself_finds_what_is_dangerous():
    for html in (
        "<script>alert(1)</script>",
        '<p onclick="x">a</p>',
        '<a href="javascript:x" rel="nofollow ugc noopener noreferrer">a</a>',
        '<a href="java\tscript:x" rel="nofollow ugc noopener noreferrer">a</a>',
        '<a href="/a">a</a>',
        '<img src="//b.org/c" loading="lazy">',
        '<p id="a">a</p>',
        '<p><span class="k">a</span></p>',
        '<code class="navbar">a</code>',
        "<p>a",
        "<!-- a -->",
    ):
        with pytest.raises((AssertionError, KeyError)):
            assert_harmless(html, POST_TAGS)


# Payloads


def test_there_are_many_payloads():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 100


def test_the_payloads_would_harm_a_parser_without_sanitising():
    unsafe = build_parser(html=True, policy=False)
    unsafe.validateLink = lambda url: True
    harmful = 0
    for payload in PAYLOADS:
        try:
            assert_harmless(unsafe.render(payload), POST_TAGS)
        except (AssertionError, KeyError, IndexError):
            harmful += 1
    assert harmful > len(PAYLOADS) * 0.9


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_harmless(payload):
    assert_harmless(render_post(payload), POST_TAGS)
    assert_harmless(render_comment(payload), COMMENT_TAGS)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_bleach_finds_nothing_to_take_away(payload):
    html = render_post(payload)
    attributes = {tag: sorted(names) for tag, names in ATTRIBUTES.items()}
    cleaned = bleach.clean(
        html,
        tags=POST_TAGS,
        attributes=attributes,
        protocols=["http", "https", "mailto"],
        strip=True,
    )
    assert outline(cleaned) == outline(html)


# Everything else


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_hostile_repetitions_are_harmless(unit):
    text = fill(unit, 1_000)
    assert_harmless(render_post(text), POST_TAGS)
    assert_harmless(render_comment(text), COMMENT_TAGS)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in whole_texts()])
def test_hostile_shapes_are_harmless_and_do_not_blow_up(text):
    html = render_post(fill(text, 30_000)[: len(text)])
    assert_harmless(html, POST_TAGS)
    assert len(html) < 2_000_000


SIGNS = st.text(alphabet=st.sampled_from("*_`~[]()<>!#-+=|:\\&;/\"' \n\tab1.\0\u202e\ud800é\r"))
PIECES = st.lists(
    st.one_of(
        st.sampled_from(PAYLOADS),
        st.sampled_from(list(UNITS.values())),
        st.sampled_from(
            ["```python\n", "```html\n", "\n\n", "> ", "- ", "    ", "|a|\n|-|\n|", "www."]
        ),
        SIGNS,
        st.text(st.characters(), max_size=20),
    ),
    max_size=8,
).map("".join)
ANYTHING = st.one_of(st.text(st.characters()), SIGNS, PIECES)


@settings(deadline=None, max_examples=300)
@given(ANYTHING)
@example("\0\ud800\udc00\udfff\u202e\u2066\ufeff")
def test_any_text_is_harmless(text):
    assert_harmless(render_post(text), POST_TAGS)
    assert_harmless(render_comment(text), COMMENT_TAGS)


@settings(deadline=None, max_examples=200)
@given(ANYTHING)
def test_any_text_gives_the_same_html_twice(text):
    assert render_post(text) == render_post(text)
    assert render_comment(text) == render_comment(text)


@settings(deadline=None, max_examples=300)
@given(ANYTHING)
def test_sanitising_again_changes_nothing(text):
    html = render_post(text)
    assert sanitize_post(html).strip() == html
    assert sanitize_comment(render_comment(text)).strip() == render_comment(text)


@settings(deadline=None, max_examples=1000)
@given(ANYTHING.map(lambda text: "a" + text.replace("\n", " ").replace("\r", " ")))
@example("a")
@example("a | b\tc  \u2028 \x0b \x85 ")
@example("www.example.org/a *b* ![c](d) <br> &amp; `e")
def test_a_line_that_is_taken_for_a_paragraph_at_a_glance_is_one(text):
    quickly = render_post(text), render_comment(text)
    with patch.object(markdown, "_is_paragraph", lambda _text: False):
        assert (render_post(text), render_comment(text)) == quickly
