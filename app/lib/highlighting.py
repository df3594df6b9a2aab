"""Colours for code in posts: spans with Pygments' CSS classes, made once on the server.

Pygments' own lexers are not for strangers' code: 8 KB of "a" on lines of their own keep its Java
lexer busy for two seconds, 8 KB of "/" the C lexer for one. Ours run on its engine, but are made
of rules that never search ahead: an unclosed string ends with its line, an unclosed comment with
the text. So the time is proportional to the number of pieces, and that number is limited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby

from pygments.lexer import RegexLexer
from pygments.token import (
    STANDARD_TYPES,
    Comment,
    Generic,
    Keyword,
    Name,
    Number,
    Operator,
    String,
    Text,
)

from .languages import ALIASES, KEYWORDS, LINE_COMMENTS, LONG_QUOTES, QUOTES

_BLANKS = (r"\s++", Text)
_ANYTHING = (r".", Text)
_NUMBER = (r"\d[\w.]*+", Number)
_OPERATOR = (r"[-+*/%=<>!&|^~?:]++", Operator)
_KEY = (r"^[ \t]*+(?:- )?[\w.\-]++(?=[ \t]*+[:=])", Name.Tag)


def _until(end: str, kind: object) -> list[tuple]:
    """Return the rules of a state that lasts until the text `end`."""
    first = re.escape(end[0])
    return [
        (rf"[^\\{first}]++", kind),
        (re.escape(end), kind, "#pop"),
        (r"\\[\s\S]|[\s\S]", kind),
    ]


def _string(quote: str) -> tuple:
    return (rf"{quote}(?:[^{quote}\\\n]|\\.)*+{quote}?", String)


_C_COMMENT = _until("*/", Comment)
_HTML = {
    "root": [
        (r"[^<&]++", Text),
        (r"<!--", Comment, "comment"),
        (r"</?[\w:\-]++", Name.Tag, "tag"),
        (r"&#?\w++;", Name.Entity),
        (r"[<&]", Text),
    ],
    "comment": _until("-->", Comment),
    "tag": [
        _BLANKS,
        (r"/?>", Name.Tag, "#pop"),
        (r"[\w:@.\-]++", Name.Attribute),
        _string('"'),
        _string("'"),
        (r"=", Operator),
        _ANYTHING,
    ],
}
_CSS = {
    "root": [
        _BLANKS,
        (r"/\*", Comment, "comment"),
        _string('"'),
        _string("'"),
        (r"@[\w\-]++", Keyword),
        (r"#[0-9a-fA-F]{3,8}\b|\d[\w.%]*+", Number),
        (r"[\w\-]++(?=[ \t]*+:)", Name.Attribute),
        (r"[.#]?[\w\-]++", Name.Tag),
        _ANYTHING,
    ],
    "comment": _C_COMMENT,
}
_DIFF = {
    "root": [
        (r"(?:diff|index|---|\+\+\+|@@).*", Generic.Heading),
        (r"\+.*", Generic.Inserted),
        (r"-.*", Generic.Deleted),
        (r".++", Text),
        (r"\n++", Text),
    ]
}
_INI = {
    "root": [
        (r"^[ \t]*+[#;].*", Comment),
        (r"^\[.*", Keyword),
        _KEY,
        _string('"'),
        (r"[^\n\"]++|.|\n++", Text),
    ]
}


def _word(keywords: str, *, any_case: bool) -> Callable[..., Iterator[tuple]]:
    """Return the engine's callback for a word: a keyword, a called function or any other name."""
    known = frozenset(keywords.split())

    def classify(_lexer, match: re.Match) -> Iterator[tuple]:
        word = match[0]
        if (word.lower() if any_case else word) in known:
            kind = Keyword
        else:
            kind = Name.Function if match.string.startswith("(", match.end()) else Name
        yield match.start(), kind, word

    return classify


def _rules(language: str) -> dict[str, list[tuple]]:
    """Return the rules for a language that is made of words, strings and comments."""
    comment = LINE_COMMENTS[language]
    states: dict[str, list[tuple]] = {"root": [_BLANKS, (rf"(?:{comment}).*", Comment)]}
    root = states["root"]
    if comment != "#":
        root.append((r"/\*", Comment, "comment"))
        states["comment"] = _C_COMMENT
    if language in ("toml", "yaml"):
        root.append(_KEY)
    if language == "json":
        root.append((r'"(?:[^"\\\n]|\\.)*+"(?=[ \t]*+:)', Name.Tag))
    for quotes in LONG_QUOTES.get(language, []):
        root.append((quotes, String, quotes))
        states[quotes] = _until(quotes, String)
    root += map(_string, QUOTES[language])
    word = _word(KEYWORDS[language], any_case=language == "sql")
    root += [(r"[^\W\d]\w*+", word), (r"[$@]\w++", Name.Variable), _NUMBER, _OPERATOR, _ANYTHING]
    return states


def _lexer(name: str, tokens: dict[str, list[tuple]]) -> RegexLexer:
    return type(name, (RegexLexer,), {"name": name, "flags": re.MULTILINE, "tokens": tokens})()


_TABLES = {"css": _CSS, "diff": _DIFF, "html": _HTML, "ini": _INI}
_TABLES |= {language: _rules(language) for language in KEYWORDS}
_LEXERS = {language: _lexer(language, tokens) for language, tokens in _TABLES.items()}
_LEXERS |= {alias: _LEXERS[language] for alias, language in ALIASES.items()}

LANGUAGES = frozenset(_LEXERS)

# The classes that `highlight` uses; static/css/components/code.css has a colour for each.
CLASSES = {
    STANDARD_TYPES[kind]
    for kind in (
        *(Comment, Keyword, Number, Operator, String),
        *(Generic.Deleted, Generic.Heading, Generic.Inserted),
        *(Name.Attribute, Name.Entity, Name.Function, Name.Tag, Name.Variable),
    )
}


def highlight(code: str, language: str, pieces: int) -> tuple[str, int]:
    """Return `code` as HTML text with spans, and how many pieces it was cut into.

    `language` is one of LANGUAGES. After so many `pieces` the rest of the code has no colour.
    """
    used = 0
    end = 0
    coloured = []
    for start, kind, text in _LEXERS[language].get_tokens_unprocessed(code):
        if used >= pieces:
            break
        used += 1
        end = start + len(text)
        css = STANDARD_TYPES[kind]
        coloured.append((css if css in CLASSES else "", text))
    coloured.append(("", code[end:]))
    html = []
    for css, group in groupby(coloured, key=lambda piece: piece[0]):
        text = escape("".join(text for _, text in group), quote=False)
        html.append(f'<span class="{css}">{text}</span>' if css else text)
    return "".join(html), used
