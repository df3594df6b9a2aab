"""Agreement with the CommonMark specification, by its own 652 examples."""

import json
from pathlib import Path

import nh3

from app.lib.markdown import build_parser, render_post
from tests.lib.outline import text_of

SOURCE = Path(__file__).parents[1] / "data" / "commonmark.json"
EXAMPLES = json.loads(SOURCE.read_text(encoding="utf-8"))["examples"]

# Where a post differs from the specification, sanitised alike, and why.
MEANT = {
    "raw HTML is text": {21, 31, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 642, 643},
    "foreign images are links": {517, 520, 531, 573, 576, 577, 578, 580},
    "other schemes are refused": {500, 596, 598, 599, 601},
    "bare addresses are links": {602, 608, 611},
    "the parser's own: no line break in an empty quote": {218, 239, 240},
}


def disagreeing(render, expected=lambda html: html) -> list[dict]:
    return [
        example for example in EXAMPLES if render(example["markdown"]) != expected(example["html"])
    ]


def test_the_specification_has_652_examples_here():
    assert [example["number"] for example in EXAMPLES] == list(range(1, 653))


def test_the_parser_agrees_with_the_specification_before_sanitising():
    differing = disagreeing(build_parser(html=True, policy=False).render)
    assert len(EXAMPLES) - len(differing) >= 640, differing


def test_posts_differ_from_the_specification_only_where_we_mean_it():
    # Colours of code have a test of their own; here neither side has classes or images.
    tags = "a b blockquote br code em h1 h2 h3 h4 h5 h6 hr i li ol p pre s strong ul"
    clean = nh3.Cleaner(
        tags=set(tags.split()),
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
    ).clean
    differing = {
        example["number"]
        for example in disagreeing(
            lambda text: clean(render_post(text)), lambda html: clean(html).strip()
        )
        if example["section"] not in ("HTML blocks", "Raw HTML")
    }
    meant = set().union(*MEANT.values())
    assert differing == meant, (differing - meant, meant - differing)


def test_every_tag_in_the_specification_is_shown_as_text():
    examples = [
        example for example in EXAMPLES if example["section"] in ("HTML blocks", "Raw HTML")
    ]
    assert len(examples) == 64
    for example in examples:
        html = render_post(example["markdown"])
        assert text_of(html).count("<") == example["markdown"].count("<"), html
