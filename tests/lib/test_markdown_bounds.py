"""Hostile texts: beyond the bounds nothing is lost, it is only shown as typed."""

from app.lib.markdown import render_comment, render_post
from app.lib.markdown_bounds import (
    MAX_BLANKS,
    MAX_DELIMITER_RUN,
    MAX_NESTING,
    MAX_REFERENCED,
    MAX_URL,
    POINTS,
    Budget,
)
from app.lib.markdown_rules import MAX_TAGGED
from tests.lib.outline import text_of


def test_blocks_beyond_the_nesting_limit_are_shown_as_typed():
    html = render_post("> " * (MAX_NESTING + 2) + "*deep*\n\nafter")
    assert html.count("<blockquote>") == MAX_NESTING
    assert "<pre><code>&gt; &gt; *deep*</code></pre>" in html
    assert html.endswith("<p>after</p>")


def test_a_deep_item_does_not_swallow_the_list_around_it():
    html = render_post("- " * 30 + "deep\n- next\n\n*after*")
    assert "deep</code></pre>" in html
    assert "<li>\n<p>next</p>\n</li>" in html or "<li>next</li>" in html
    assert html.endswith("<p><em>after</em></p>")


def test_text_beyond_the_budget_is_shown_as_typed():
    html = render_post("*a* " * 16_000)
    assert html.startswith("<p><em>a</em> <em>a</em> ")
    assert html.endswith(" *a* *a*</p>")
    assert 2_000 < html.count("<em>") < POINTS


def test_blocks_beyond_the_budget_are_shown_as_typed():
    html = render_post("# a\n\n" * 13_000)
    assert html.startswith("<h1>a</h1>\n<h1>a</h1>")
    assert html.endswith("# a\n\n# a\n</code></pre>")
    assert 1_000 < html.count("<h1>") < POINTS


def test_blocks_inside_others_beyond_the_budget_are_shown_as_typed():
    html = render_post("> a\n\n" * 13_000)
    assert text_of(html).count("a") == 13_000
    assert html.endswith("&gt; a\n</code></pre>")


def test_a_table_beyond_the_budget_is_shown_as_typed():
    row = "|a" * 200 + "\n"
    html = render_post("*b*\n\n" + row + "|-" * 200 + "\n" + row * 150 + "\n*c*")
    assert html.startswith("<p><em>b</em></p>\n<pre><code>|a|a")
    assert html.endswith("|a</code></pre>\n<p><em>c</em></p>")
    assert text_of(html).count("|a") == 200 * 151


def test_a_table_of_empty_cells_counts_all_of_them():
    html = render_post("|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|\n" * 20_000)
    assert "<td>" not in html


def test_an_indented_table_in_a_list_ends_with_the_list():
    html = render_post("- |a|\n  |-|\n  |b|\n\nc")
    assert html.count("<td>") == 1
    assert html.endswith("<p>c</p>")


def test_code_beyond_the_budget_has_no_colour():
    html = render_post("```python\n" + "if " * 21_000 + "\n```")
    assert text_of(html).count("if") == 21_000
    assert 5_000 < html.count("<span") < POINTS


def test_long_runs_of_signs_are_text():
    stars = "*" * (MAX_DELIMITER_RUN + 1)
    assert render_comment(f"{stars}a{stars}") == f"{stars}a{stars}"
    assert render_comment("****a****") == "<strong><strong>a</strong></strong>"


def test_long_addresses_are_text():
    path = "a" * MAX_URL
    for text in (f"[a](/{path})", f"<http://{path}>", f"http://b.org/{path}", f"[a](/b '{path}')"):
        assert path in text_of(render_comment(text))
    short = "a" * (MAX_URL - 20)
    for text in (f"[a](/{short})", f"<http://b.org/{short}>", f"http://b.org/{short}"):
        assert render_comment(text).startswith("<a href")


def test_a_tag_that_closes_far_away_is_text():
    assert render_comment(f"<b>{'a' * (MAX_TAGGED - 4)}</b>").startswith("<b>")
    assert "<b>" not in render_comment(f"<b>{'a' * MAX_TAGGED}</b>")


def test_addresses_full_of_brackets_are_text():
    assert "<a" not in render_comment("http://a.org/" + "(" * 30)


def test_long_runs_of_blanks_are_cut():
    assert render_comment("a" + " " * 2_000 + "b") == "a" + " " * MAX_BLANKS + "b"


def test_references_can_not_blow_up_a_text():
    html = render_post(f"[a]: http://b.org/{'c' * 1_900} 'd'\n\n" + "[a] " * 15_000)
    assert 50 < html.count("<a ") <= MAX_REFERENCED // 1_900
    assert html.endswith("[a] [a]</p>")


def test_a_search_for_brackets_uses_up_the_budget():
    text = "[a](" * 16_000
    assert text_of(render_post(text)) == text


def test_a_budget_starts_full():
    assert Budget().points == POINTS
    assert Budget(7).points == 7
