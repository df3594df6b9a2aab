"""How long hostile texts take to render: `python -m benchmarks.rendering`.

Every family is repeated to the full size of a post. The table shows processor time, so that a busy
machine does not blur it, and of several runs the best; the command fails when a family needs more
than LIMIT milliseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from time import process_time

from app.lib.highlighting import LANGUAGES
from app.lib.languages import ALIASES
from app.lib.markdown import POST_LIMIT, render_post

LIMIT = 300
RUNS = 3

# Repeated until the text is full.
UNITS = {
    "brackets: [": "[",
    "brackets: ]": "]",
    "brackets: ![": "![",
    "brackets: []": "[]",
    "brackets: [a": "[a ",
    "brackets: [[a]": "[[a]",
    "brackets: [a]( ": "[a](",
    "brackets: [a](b": "[a](b ",
    "brackets: [a](<b": "[a](<b",
    'brackets: [a](b "': '[a](b "',
    "brackets: [a](b 'c": "[a](b 'c ",
    "brackets: [a][b": "[a][b",
    "brackets: ![a](": "![a](",
    "brackets: ![[]()": "![[]()",
    "brackets: [](": "[](",
    "brackets: [)": "[)",
    "brackets: [*a](": "[*a](",
    "brackets: [`a](": "[`a](",
    "brackets: [a]((((": "[a]((((",
    "links": "[a](b)",
    "links, external": "[a](http://b)",
    "links, with title": '[a](b "c")',
    "links, javascript:": "[a](javascript:b)",
    "links, encoded": "[a](%é)",
    "images": "![a](b)",
    "images, own": "![a](/b)",
    "images, nested": "![![a](b)](c)",
    "images in links": "[![a](b)](c)",
    "autolinks": "<http://a>",
    "autolinks, mail": "<a@b>",
    "autolinks, open": "<http://a",
    "angle brackets": "<",
    "angle brackets, pairs": "<>",
    "angle brackets, tags": "<a b=c>",
    "angle brackets, <b>": "<b>",
    "angle brackets, <b></b>": "<b></b>",
    'angle brackets, <abbr title=""': '<abbr title="a">a</abbr>',
    'angle brackets, <b title="': '<b title="',
    "angle brackets, <?": "<?",
    "angle brackets, <!--": "<!--",
    "angle brackets, <![CDATA[": "<![CDATA[",
    "bare: http://a": "http://a ",
    "bare: http://": "http://",
    "bare: http:// ": "http:// ",
    "bare: http://((": "http://a/(((((((((((((((((((((((((((( ",
    'bare: http://""': 'http://a/"a"\'b\'"c ',
    "bare: http://a.a.a": "http://a.a.a.a.a.a.a.a.a.a.a.a.a.a.a ",
    "bare: http://a:a@": "http://a:a@a:a@",
    "bare: ://": "://",
    "bare: a://": "a://",
    "bare: www.": "www.",
    "bare: www.a ": "www.a ",
    "bare: w": "w",
    "bare: ww ": "ww ",
    "bare: mails": "a@b.c ",
    "stars: *": "*",
    "stars: * a": "* a",
    "stars: *a ": "*a ",
    "stars: a* ": "a* ",
    "stars: **a ": "**a ",
    "stars: a** ": "a** ",
    "stars: *a_ ": "*a_ ",
    "stars: a**b": "a**b",
    "stars: **a*b": "**a*b ",
    "stars: *a **b": "*a **a ",
    "stars: *_": "*_",
    "stars: _*a": "_*a ",
    "stars: *a*": "*a*",
    "stars: **a**": "**a** ",
    "stars: ***a***": "***a*** ",
    "stars: a***": "a***",
    "stars: ****a": "****a ",
    "stars: *~~": "*~~a",
    "underscores: _": "_",
    "underscores: _a ": "_a ",
    "underscores: __a ": "__a ",
    "tildes: ~": "~",
    "tildes: ~~a": "~~a",
    "tildes: ~~a ": "~~a ",
    "tildes: a~~ ": "a~~ ",
    "tildes: ~~~a": "~~~a ",
    "backticks: `": "`",
    "backticks: `a": "`a",
    "backticks: `a`": "`a`",
    "backticks: ``a`": "``a`",
    "backticks: ```a``": "```a``b`",
    "escapes: \\": "\\",
    "escapes: \\*": "\\*",
    "escapes: \\a": "\\a",
    "escapes: \\newline": "a\\\n",
    "entities: &": "&",
    "entities: &amp;": "&amp;",
    "entities: &#35;": "&#35;",
    "entities: &a": "&a",
    "entities: &#": "&#",
    "entities: &aaa…": "&" + "a" * 30,
    "lines: newline": "\n",
    "lines: a": "a\n",
    "lines: a, blank": "a\n\n",
    "lines: a, break": "a  \n",
    "lines: spaces": " ",
    "lines: tabs": "\t",
    "lines: space, newline": " \n",
    "lines: space, a": " a",
    "lines: carriage return": "\r",
    "quotes: >": ">",
    "quotes: > ": "> ",
    "quotes: >newline": ">\n",
    "quotes: >a": ">a\n",
    "quotes: >a, blank": ">a\n\n",
    "quotes: deep": ">" * 30 + "a\n",
    "quotes: deep, blank": ">" * 30 + "a\n\n",
    "quotes: deep, lazy": ">" * 20 + "a\n" + "a\n" * 100,
    "quotes: >-": ">- ",
    "quotes: >-a": ">- a\n",
    "quotes: spaces": "> " * 20 + " " * 2000 + "a\n",
    "lists: - a": "- a\n",
    "lists: - a, blank": "- a\n\n",
    "lists: -": "-\n",
    "lists: - - -": "- ",
    "lists: - - - a": "- " * 30 + "a\n",
    "lists: - - - a, blank": "- " * 30 + "a\n\n",
    "lists: - and +": "- a\n+ a\n",
    "lists: 1.": "1. a\n",
    "lists: 1. 1.": "1. ",
    "lists: 1) 1.": "1) a\n1. a\n",
    "lists: -newline": "- a\n  a\n",
    "lists: * a": "* a\n * a\n  * a\n   * a\n    * a\n     * a\n",
    "lists: - >": "- > ",
    "lists: - #": "- # a\n",
    "lists: - ```": "- ```\n",
    "lists: - [a]:": "- [a]: b\n",
    "headings: #": "#",
    "headings: # a": "# a\n",
    "headings: #newline": "#\n",
    "headings: # #": "# ",
    "headings: a===": "a\n=\n",
    "headings: a---": "a\n-\n",
    "headings: ===": "=\n",
    "rules: ---": "---\n",
    "rules: -": "-",
    "rules: - - -": "- - -\n",
    "rules: ***": "***\n",
    "code: indented": "    a\n",
    "code: indented, paragraph": "    a\n\na\n\n",
    "code: fence": "```\n",
    "code: fence with text": "```\na\n```\n",
    "code: tilde fence": "~~~\n",
    "code: fence, unknown": "```a\n```\n",
    "code: fences of python": "```python\na\n```\n",
    "code: fences of growing length": "```\n````\n`````\n",
    "code: unclosed in quotes": "> ```\n\n",
    "references: definitions": "[a]: b\n",
    "references: with title": '[a]: b "c"\n',
    "references: open title": '[a]: b "c\n',
    "references: open title, blank": '[a]: b "c\n\n',
    "references: open label": "[a\n",
    "references: label \\": "[\\",
    "references: <": "[a]: <\n",
    "references: uses": "[a]",
    "tables: rows": "|a|b|\n",
    "tables: small": "|a|\n|-|\n|b|\n\n",
    "tables: head only": "|a|\n|-|\n\n",
    "tables: pipes": "|",
    "tables: a|": "a|",
    "tables: |-": "|-",
    "tables: |-|": "|-|\n",
    "tables: a|b, -|-": "a|b\n-|-\n",
    "tables: \\|": "\\|",
    "letters: a": "a",
    "letters: é": "é",
    "letters: emoji": "😀",
    "letters: NUL": "\0",
    "letters: combining": "a\u0301",
    "letters: right to left": "\u202e\u05d0 ",
    "letters: punctuation": "“",
    "signs: !": "!",
    "signs: :": ":",
    "signs: $": "$",
    "signs: all": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "mixed: prose": "Some *text* with a [link](http://a.b/c) and `code`, and **more** of it.\n\n",
    "mixed: dense": "- **a** [b](c) `d`\n",
    "mixed: words": "word ",
}


def whole_texts() -> Iterator[tuple[str, str]]:
    """Yield hostile texts that are more than a repetition."""
    n = POST_LIMIT
    yield "shaped: [^n a ]^n", "[" * (n // 2) + "a" + "]" * (n // 2)
    yield "shaped: [^n a ](b)^n", "[" * (n // 5) + "a" + "](b)" * (n // 5)
    yield "shaped: ![^n a ](b)^n", "![" * (n // 6) + "a" + "](b)" * (n // 6)
    yield "shaped: *^n a *^n", "*" * (n // 2) + "a" + "*" * (n // 2)
    yield "shaped: (* )^n (*a )^n", "* " * (n // 4) + "a* " * (n // 6)
    yield "shaped: *a^n a*^n", "*a " * (n // 6) + "a* " * (n // 6)
    yield "shaped: *a_^n b*^n", "*a _b " * (n // 12) + "a* " * (n // 6)
    yield "shaped: ~~a^n a~~^n", "~~a " * (n // 8) + "a~~ " * (n // 8)
    yield "shaped: ( in destination", "[a](" + "(" * n
    yield "shaped: balanced destination", "[a](" + "(" * 31 + "a" * (n - 100) + ")" * 31 + ")"
    yield "shaped: long destination", "[a](" + "b" * (n - 10) + ")"
    yield "shaped: long destination, spaces", "[a](<" + "b " * (n // 2 - 10) + ">)"
    yield "shaped: long title", '[a](b "' + "c" * (n - 20) + '")'
    yield "shaped: long autolink", "<http://" + "a" * (n - 20) + ">"
    yield "shaped: long autolink, dots", "<http://" + "a." * (n // 2 - 20) + ">"
    yield "shaped: long autolink, accents", "<http://a/" + "é" * (n // 2 - 20) + ">"
    yield "shaped: long bare URL", "http://" + "a" * (n - 20)
    yield "shaped: long bare URL, dots", "http://" + "a." * (n // 2 - 20)
    yield "shaped: long bare URL, path", "http://a/" + "a/" * (n // 2 - 20)
    yield "shaped: long bare URL, (", "http://a/" + "(" * (n - 20)
    yield "shaped: long mail", "<" + "a" * (n // 2) + "@" + "a." * (n // 4 - 9) + ">"
    yield "shaped: backticks of all lengths", "".join("`" * i + "a" for i in range(1, 355))
    yield "shaped: backticks in a label", "[" + "".join("`" * i for i in range(250)) + "](b)" * 99
    yield "shaped: falling backticks", "".join("a" + "`" * i for i in range(350, 0, -1))
    yield "shaped: one reference, many uses", f"[a]: http://{'b' * 20_000}\n\n" + "[a]" * 14_000
    yield "shaped: short reference, many uses", "[a]: b\n\n" + "[a]" * 21_000
    yield "shaped: titled reference", f"[a]: b '{'c' * 1_900}'\n\n" + "[a]" * 20_000
    yield "shaped: references, own names", "".join(f"[a{i}]: b\n" for i in range(5_500))
    yield "shaped: defined and used", "".join(f"[{i}]: b\n\n[{i}]\n\n" for i in range(3_000))
    yield "shaped: wide table", "|a" * 10_000 + "\n" + "|-" * 10_000 + "\n" + "|b" * 10_000
    yield "shaped: square table", "|a" * 200 + "\n" + "|-" * 200 + "\n" + ("|b" * 200 + "\n") * 150
    yield "shaped: narrow rows", "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|\n" * 20_000
    yield "shaped: long table", "|a|b|\n|-|-|\n" + "|c|d|\n" * (n // 6 - 3)
    yield "shaped: table with links", "|a|\n|-|\n" + "|[c](d)|\n" * (n // 9 - 3)
    yield "shaped: deep list", "".join(" " * 2 * i + "- a\n" for i in range(250))
    yield "shaped: deep list, again", "".join(" " * 2 * i + "- a\n" for i in range(10)) * 450
    yield "shaped: stairs of quotes", "".join(">" * i + " a\n\n" for i in range(300))
    yield "shaped: lazy lines", ">" * 20 + "a\n" + "a\n" * (n // 2 - 20)
    yield "shaped: lazy list", "- " * 10 + "a\n" + "a\n" * (n // 2 - 20)
    yield "shaped: indented lines", ">" * 20 + "a\n" + (" " * 200 + "a\n") * 320
    yield "shaped: one long line of blanks", "- " * 9 + " " * (n - 40) + "a"
    yield "shaped: setext underline", "a\n" + "=" * (n - 9) + "a"
    yield "shaped: delimiter row", "|a|\n" + "|-" * (n // 2 - 5) + "x"
    yield "shaped: unclosed fence", "```python\n" + "a = 1\n" * (n // 6 - 5)
    yield "shaped: label over lines", "[" + "a\n" * (n // 2 - 5)
    yield "shaped: title over lines", '[a]: b "' + "c\n" * (n // 2 - 5)
    yield "shaped: closing hashes", "# a " + "#" * (n - 10) + " b"
    yield "shaped: <b>^n </b>", "<b>" * (n // 3 - 2) + "</b>"
    yield "shaped: <b>^n </b>^n", "<b>" * (n // 7) + "</b>" * (n // 7)
    yield "shaped: blanks in a tag", "<b" + " \n" * (n // 2 - 5)
    yield "shaped: addresses of accents", "http://é.org/é " * (n // 17)
    yield "shaped: digits", "1" * n
    yield "shaped: image of images", "![" * 19 + "a" * 60_000 + "](b)" * 19
    yield "shaped: emphasis in nested images", "![" * 18 + "*a* " * 15_000 + "](b)" * 18
    yield "shaped: all bytes", "".join(map(chr, range(1, 256))) * 170


# Code that makes lexers look far ahead, or fail at every character.
CODE = [
    *("/*", "//", '"', "'", "`", '"""', "(", "{", "[", "<", "<!--", "<a ", "<![CDATA[", "\\"),
    *('"\\', "'\\", "#", "##", "@", "@a", "$", "${", "$(", "%", "&", "&a", "a", "a ", "a.", "a("),
    *("a<", "a =", "a:", "a: ", "- ", "0", "0x", "1.", "1e", "1_", "_", "=", "==", "!", "?", ":"),
    *(";", ",", "~", "^", "|", " ", "\t", "\n", "a\n", " a\n", "é", "\0", "def ", "class ", "fn "),
    *("select ", "import ", "a, ", "r#", "<<", "<<a\n", "+", "-", "@@ ", "{%", "{{", "<?", "<%"),
    *("function ", "public ", "a b ", "template<", "#define ", "#if 0\n", "'a", "--", "/", "/a"),
    *("style=", "a='", "=>", "((a", "`${", "b'", "f'{", "&#", "*", "**", "a\\\n", "key: |\n "),
]


def hostile_code() -> Iterator[tuple[str, str]]:
    """Yield posts full of code, for every language."""
    for language in sorted(LANGUAGES - set(ALIASES)):
        for piece in CODE:
            yield (
                f"{language}: {piece!r}",
                fill(f"```{language}\n" + fill(piece, POST_LIMIT), POST_LIMIT),
            )


def fill(unit: str, size: int) -> str:
    """Repeat `unit` up to `size` bytes of UTF-8."""
    return (unit * (size // len(unit.encode()) + 1)).encode()[:size].decode(errors="ignore")


def texts() -> Iterator[tuple[str, str]]:
    """Yield every family as its name and a text of POST_LIMIT bytes."""
    for name, unit in UNITS.items():
        yield name, fill(unit, POST_LIMIT)
    for name, text in whole_texts():
        yield name, fill(text, POST_LIMIT) if len(text.encode()) > POST_LIMIT else text
    yield from hostile_code()


def milliseconds(text: str) -> float:
    """Return the time one rendering takes; what seems slow is measured again."""
    best = float("inf")
    for _ in range(RUNS):
        start = process_time()
        render_post(text)
        best = min(best, (process_time() - start) * 1000)
        if best < LIMIT / 3:
            break
    return best


def main() -> int:
    """Print the table, slowest family first; return 1 when a family is over LIMIT."""
    rows = sorted(((milliseconds(text), name, len(text.encode())) for name, text in texts()))[::-1]
    print(f"{'family':40} {'bytes':>8} {'ms':>8}")
    for time, name, size in rows:
        print(f"{name[:40]:40} {size:8} {time:8.1f}{'  OVER' if time > LIMIT else ''}")
    over = sum(time > LIMIT for time, _, _ in rows)
    print(f"{len(rows)} families, {over} over {LIMIT} ms")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
