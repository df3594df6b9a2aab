"""Colours for code."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from app.lib.highlighting import CLASSES, LANGUAGES, highlight
from app.lib.languages import ALIASES
from app.lib.markdown import render_post
from tests.lib.outline import outline, text_of


def test_code_in_a_known_language_has_colours():
    assert render_post("```Python\ndef f(a):\n    return '<' + 1  # b\n```") == (
        '<pre class="highlight"><code class="language-python"><span class="k">def</span> '
        '<span class="nf">f</span>(a)<span class="o">:</span>\n    <span class="k">return</span> '
        '<span class="s">\'&lt;\'</span> <span class="o">+</span> <span class="m">1</span>  '
        '<span class="c"># b</span>\n</code></pre>'
    )


@pytest.mark.parametrize("info", ["", "klingon", "language-python", '"><script>', "  "])
def test_code_in_an_unknown_language_has_none(info):
    assert render_post(f"```{info}\na\n```") == "<pre><code>a\n</code></pre>"


@pytest.mark.parametrize(
    ("language", "code", "css", "text"),
    [
        ("bash", 'if [ "$A" ]; then', "k", "if"),
        ("bash", "echo $HOME", "nv", "$HOME"),
        ("c", "/* a\n*b */ int", "c", "/* a\n*b */"),
        ("c", "/* a", "c", "/* a"),
        ("cpp", '"a\\"b" // c', "s", '"a\\"b"'),
        ("css", "a { color: #fff }", "na", "color"),
        ("css", "@media { }", "k", "@media"),
        ("diff", "@@ -1 +1 @@\n-a\n+b\n c", "gd", "-a"),
        ("diff", "-a\n+b\n c", "gi", "+b"),
        ("go", "`a\nb`", "s", "`a\nb`"),
        ("html", "<!-- a -- b --> <a b='c'>", "c", "<!-- a -- b -->"),
        ("html", "<a b='c'>d</a>", "na", "b"),
        ("html", "a &amp; b < c", "ni", "&amp;"),
        ("ini", "[a]\n# b\nc = d", "nt", "c"),
        ("java", '"""a\n"b" """', "s", '"""a\n"b" """'),
        ("javascript", "`a${b}\nc`", "s", "`a${b}\nc`"),
        ("json", '{"a": true}', "nt", '"a"'),
        ("json", '{"a": true}', "k", "true"),
        ("php", "# a", "c", "# a"),
        ("python", "'''a\n'b''' + c", "s", "'''a\n'b'''"),
        ("python", "0x1F", "m", "0x1F"),
        ("rust", "fn f<'a>(b: &'a str)", "k", "str"),
        ("sql", "SELECT 1 -- a", "k", "SELECT"),
        ("toml", "a.b = 1", "nt", "a.b"),
        ("yaml", "- a: b", "nt", "- a"),
    ],
)
def test_each_language_has_its_own_colours(language, code, css, text):
    pieces = [item for item in outline(highlight(code, language, 1_000)[0]) if item[0] != "close"]
    inside = [
        after[1] for before, after in pairwise(pieces) if before == ("open", "span", {"class": css})
    ]
    assert text in inside


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_colours_change_no_character(language):
    code = (
        'a = \'b\n"""c\\\n/* d */ <!-- e <f g="h"> --> # i\n\n; [j]\n\t-- k & l: @m {n: 0x1} `o\\'
    )
    html, used = highlight(code, language, 1_000)
    assert text_of(html) == code
    assert 1 < used < 100


def test_the_number_of_coloured_pieces_is_limited():
    html, used = highlight("if if if if", "python", 3)
    assert html == '<span class="k">if</span> <span class="k">if</span> if if'
    assert used == 3


def test_every_class_has_its_colour_in_the_style_sheet():
    root = Path(__file__).parents[2]
    css = (root / "app/static/css/components/code.css").read_text(encoding="utf-8")
    assert set(re.findall(r"\.highlight \.(\w+)", css)) == CLASSES
    assert set(re.findall(r"var\((--[\w-]+)\)", css)) == {
        f"--code-{name}"
        for name in "keyword string comment number name operator deleted inserted".split()
    }
    assert css.startswith("@layer components {")
    assert "#" not in re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def test_every_alias_names_a_language():
    assert set(ALIASES.values()) <= LANGUAGES - set(ALIASES)
