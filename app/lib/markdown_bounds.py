"""Keeps Markdown parsing affordable for hostile texts.

markdown-it-py is quick on what people write, but some shapes of input (thousands of brackets,
stars, quotes, table cells ...) cost it seconds at 64 KB. So every text gets a budget of *counted*
work, never of time: the same text gives the same HTML on every machine. A text that has used up
its budget is not refused; what is left of it is shown as it was typed.

`benchmarks/rendering.py` holds the hostile shapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

from markdown_it import MarkdownIt, helpers
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, image, link

InlineRule = Callable[[StateInline, bool], bool]

# A point is worth about 8 microseconds. Change logs made of links, tables of contents and API
# references, the densest honest texts we found, need 8,000 to 18,000 for 64 KB; most pages 6,000.
POINTS = 20_000
BLOCK_POINTS = 4  # one block: its line is shown to every block rule
PEEK_POINTS = 1  # one line looked at for whether it ends the block before
ITEM_POINTS = 2  # ... or the list item before
INLINE_POINTS = 1  # one attempt to read something at one character
LABEL_POINTS = 0.1  # one step of a search for the end of a link's text
TARGET_POINTS = 1  # one look for an address after a link's text
LINK_POINTS = 2  # one link or image: an address to check, and long in the output
BARE_LINK_POINTS = 5  # one place that may be an address without brackets: a large expression
TAG_POINTS = 2  # one tag in the text: its end is searched for
CELL_POINTS = 2  # one cell of a table, though it may be empty in the text

# Blocks inside blocks (a list counts two: the list and its item). Deeper ones are shown as typed.
MAX_NESTING = 20
# What reference links may add to the page: `[a]: <long address>` used by a thousand `[a]`
# would otherwise turn 64 KB into tens of megabytes.
MAX_REFERENCED = 256 * 1024
# Longer addresses and titles stay text. Browsers and servers agree on about 2,000.
MAX_URL = 2_048
# Longer runs of one emphasis sign are decoration, and each sign would cost three objects.
MAX_DELIMITER_RUN = 32
# Longer runs of blanks are cut: block rules look at the indentation once per level of nesting.
MAX_BLANKS = 256

_LONG_BLANKS = re.compile(rf"[ \t]{{{MAX_BLANKS + 1},}}")


class Budget:
    """How much work one text may still cause. Travels through the parser as `env["budget"]`."""

    __slots__ = ("points", "referenced")

    def __init__(self, points: int = POINTS) -> None:
        self.points: float = points
        self.referenced = MAX_REFERENCED


class _References(dict):
    """The reference definitions of a text, of which only so many characters may be used."""

    budget: Budget

    def get(self, label: str, default: object = None) -> object:
        reference = super().get(label, default)
        if reference:
            self.budget.referenced -= len(reference["href"]) + len(reference["title"])
        return reference if self.budget.referenced > 0 else default


def shorten_blanks(text: str) -> str:
    """Cut every run of more than MAX_BLANKS blanks down to that many."""
    return _LONG_BLANKS.sub(" " * MAX_BLANKS, text)


def bound(parser: MarkdownIt) -> None:
    """Make `parser` heed the budget in `env["budget"]`."""
    # The parser's own limit drops deeper content silently; ours comes first and shows it.
    parser.options["maxNesting"] = MAX_NESTING + 4
    parser.core.ruler.after("block", "bound_references", _bound_references)
    parser.block.ruler.before(
        "table",
        "budget",
        _count_block,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.before("text", "budget", _count_inline)
    parser.inline.ruler.before("strikethrough", "long_run", _long_run)
    parser.inline.ruler.at("autolink", _paid(_autolink))
    parser.inline.ruler.at("link", _paid(link))
    parser.inline.ruler.at("image", _paid(image))
    parser.helpers = SimpleNamespace(
        parseLinkLabel=_link_label,
        parseLinkDestination=_link_destination,
        parseLinkTitle=_link_title,
    )


def _bound_references(state: StateCore) -> None:
    if "references" in state.env:
        state.env["references"] = _References(state.env["references"])
        state.env["references"].budget = state.env["budget"]


def _count_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: spend points; out of them or too deep, show the rest of the container raw."""
    budget = state.env["budget"]
    if silent:
        budget.points -= ITEM_POINTS if state.parentType == "list" else PEEK_POINTS
    else:
        budget.points -= BLOCK_POINTS
    if budget.points > 0 and (silent or state.level < MAX_NESTING):
        return False
    if not silent:
        line = start + 1
        while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
            line += 1
        _push_raw(state, start, line)
    return True


def _push_raw(state: StateBlock, start: int, end: int) -> None:
    """Show the lines from `start` up to `end` as they were typed."""
    token = state.push("code_block", "code", 0)
    token.content = state.getLines(start, end, state.blkIndent, False)
    token.map = [start, end]
    state.line = end


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The table rule; a table that the budget does not cover is shown as typed."""
    if silent or not table(state, start, end, True):
        return table(state, start, end, silent)
    head = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    columns = head.strip().strip("|").count("|") + 1
    line = start + 2
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        line += 1
    cost = columns * (line - start) * CELL_POINTS
    if cost < state.env["budget"].points:
        state.env["budget"].points -= cost
        return table(state, start, end, False)
    _push_raw(state, start, line)
    return True


def _count_inline(state: StateInline, silent: bool) -> bool:
    """Inline rule: spend a point; out of them, take the rest of the text as it is."""
    budget = state.env["budget"]
    budget.points -= INLINE_POINTS
    if budget.points > 0:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : state.posMax])
    state.pos = state.posMax
    return True


def _long_run(state: StateInline, silent: bool) -> bool:
    """Inline rule: a long run of emphasis signs is plain text."""
    marker = state.src[state.pos]
    if marker not in "*_~" or silent:
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == marker:
        end += 1
    if end - state.pos <= MAX_DELIMITER_RUN:
        state.env["budget"].points -= INLINE_POINTS * (end - state.pos - 1)
        return False
    state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _autolink(state: StateInline, silent: bool) -> bool:
    """The rule for `<https://...>`, for addresses of a sensible length."""
    if state.src[state.pos] != "<":
        return False
    if state.src.find(">", state.pos, state.pos + MAX_URL + 2) < 0:
        return False
    return autolink(state, silent)


def _paid(rule: InlineRule) -> InlineRule:
    """Return the inline rule for a kind of link, made to spend points for each one it finds."""

    def pay(state: StateInline, silent: bool) -> bool:
        found = rule(state, silent)
        if found and not silent:
            state.env["budget"].points -= LINK_POINTS
        return found

    return pay


def _link_label(state: StateInline, start: int, disableNested: bool = False) -> int:
    """`parseLinkLabel` that pays for its search, which may pass one place very often."""
    budget = state.env["budget"]
    before = state.pos
    state.pos = start + 1
    level = 1
    found = -1
    while state.pos < state.posMax and budget.points > 0:
        budget.points -= LABEL_POINTS
        position = state.pos
        character = state.src[position]
        if character == "]":
            level -= 1
            if level == 0:
                found = position
                budget.points -= TARGET_POINTS
                break
        state.md.inline.skipToken(state)
        if character == "[":
            if position == state.pos - 1:
                level += 1
            elif disableNested:
                break
    state.pos = before
    return found


def _link_destination(string: str, pos: int, maximum: int):
    return helpers.parseLinkDestination(string, pos, min(maximum, pos + MAX_URL))


def _link_title(string: str, start: int, maximum: int, previous=None):
    return helpers.parseLinkTitle(string, start, min(maximum, start + MAX_URL), previous)
