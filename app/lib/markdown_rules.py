"""What our Markdown has beyond CommonMark: links and abbreviations in the running text, and the
rules for where links and images may lead.

Bare addresses and the tags of PLAIN_TAGS are inline rules of the parser; `tidy` looks at its
finished tokens.
"""

from __future__ import annotations

import re

from linkify_it import LinkifyIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .markdown_bounds import BARE_LINK_POINTS, MAX_URL, TAG_POINTS

SCHEMES = {"http", "https", "mailto"}

# Raw HTML is off. These four are understood all the same, because people may write them but
# Markdown has no signs for them.
PLAIN_TAGS = ("abbr", "acronym", "b", "i")
# So far away may the closing tag be.
MAX_TAGGED = 2_000

_PLAIN_TAG = re.compile(
    rf"""<({"|".join(PLAIN_TAGS)})(?:\s+title=(?:"([^"<>]*)"|'([^'<>]*)'))?\s*>"""
)
# A path on this site. `//host` and `/\host` lead elsewhere.
OWN_PATH = re.compile(r"/(?![/\\])")
_BEFORE_FIRST_COLON = re.compile(r"([^/?#:]*):")
_BARE_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
_BEFORE_WWW = re.compile(r"[\w.@/:+-]")
# What a bare address is made of: no blanks, and none of the invisible signs that can make an
# address look like another one.
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
# Nothing in such an address needs encoding.
_ENCODED = re.compile(r"(?:[a-z0-9;/?:@&=+$,\-_.!~*'()#]|%[0-9a-f]{2})*+", re.IGNORECASE)
# Each opening bracket or quote makes linkify-it look ahead to the end for its partner.
_MAX_PARTNERS = 20

_linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})


def normalize_url(url: str) -> str:
    """Return `url` percent-encoded, its host in ASCII; most are, and encoding is slow."""
    return url if _ENCODED.fullmatch(url) else normalizeLink(url)


def bare_url(state: StateInline, silent: bool) -> bool:
    """Inline rule: `http://…`, `https://…` and `www.…` become links, outside of other links."""
    found = None if state.linkLevel else _find_bare_url(state)
    if not found:
        return False
    start, url = found
    before = state.src[start : state.pos]
    if not silent:
        if not state.pending.endswith(before):
            return False
        state.pending = state.pending.removesuffix(before)
        href = state.md.normalizeLink(url if before else f"http://{url}")
        if not href.endswith(url):  # encoding it was work
            state.env["budget"].points -= BARE_LINK_POINTS
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = url
        state.push("link_close", "a", -1)
    state.pos = start + len(url)
    return True


def _find_bare_url(state: StateInline) -> tuple[int, str] | None:
    """Return where the bare address around `state.pos` (at its `:` or `w`) starts, and itself."""
    prefix = _bare_prefix(state.src, state.pos)
    if not prefix:
        return None
    start = state.pos - len(prefix.removesuffix("://")) if "://" in prefix else state.pos
    address = _ADDRESS.match(state.src, start, min(state.posMax, start + MAX_URL))[0]
    state.env["budget"].points -= BARE_LINK_POINTS
    if sum(map(address.count, "([{\"'")) > _MAX_PARTNERS:
        return None
    host_and_path = address.partition(":")[2] if "://" in prefix else f"//{address}"
    length = _linkify.test_schema_at(host_and_path, "http:", 0)
    # Signs of emphasis at the end belong to the text around the address.
    url = address[: len(address) - len(host_and_path) + length].rstrip("*_~")
    return (start, url) if length and len(url) > len(prefix) else None


def _bare_prefix(text: str, pos: int) -> str:
    """Return `http://`, `https://` or `www.` if `pos` is at the `:` or the first `w` of one."""
    if text.startswith("://", pos):
        scheme = _BARE_SCHEME.search(text[max(0, pos - 6) : pos])
        return f"{scheme[1]}://" if scheme else ""
    if text[pos] in "wW" and text[pos : pos + 4].lower() == "www.":
        return "" if pos and _BEFORE_WWW.match(text[pos - 1]) else "www."
    return ""


def plain_tag(state: StateInline, silent: bool) -> bool:
    """Inline rule: `<b>…</b>` and the other PLAIN_TAGS, when the closing tag is there too."""
    if state.src[state.pos] != "<":
        return False
    opening = _PLAIN_TAG.match(state.src, state.pos, state.posMax)
    if not opening:
        return False
    state.env["budget"].points -= TAG_POINTS
    closing = f"</{opening[1]}>"
    end = state.src.find(closing, opening.end(), min(state.posMax, opening.end() + MAX_TAGGED))
    if end < 0:
        return False
    if not silent:
        maximum = state.posMax
        state.pos, state.posMax = opening.end(), end
        token = state.push("plain_tag_open", opening[1], 1)
        title = opening[2] or opening[3]
        if title:
            token.attrs = {"title": unescapeAll(title)}
        state.md.inline.tokenize(state)
        state.push("plain_tag_close", opening[1], -1)
        state.posMax = maximum
    state.pos = end + len(closing)
    return True


def tidy(tokens: list[Token], *, images: bool) -> list[Token]:
    """Drop links with refused addresses (their text stays) and turn foreign images into links."""
    tidied: list[Token] = []
    kept: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            kept.append(_is_safe(str(token.attrs["href"])))
            if kept[-1]:
                tidied.append(token)
        elif token.type == "link_close":
            if kept.pop():
                tidied.append(token)
        elif token.type == "image" and not (images and OWN_PATH.match(str(token.attrs["src"]))):
            tidied.extend(_image_as_link(token, inside_link=any(kept)))
        else:
            tidied.append(token)
    return tidied


def _is_safe(url: str) -> bool:
    scheme = _BEFORE_FIRST_COLON.match(url)
    return not scheme or scheme[1].lower() in SCHEMES


def _image_as_link(image: Token, *, inside_link: bool) -> list[Token]:
    """Return tokens for an image that a page may not load: nothing from other hosts is fetched."""
    url = str(image.attrs["src"])
    text = Token("text", "", 0, content=_alternative(image) or url)
    if inside_link or not _is_safe(url):
        return [text]
    link = Token("link_open", "a", 1, attrs={"href": url})
    if "title" in image.attrs:
        link.attrs["title"] = image.attrs["title"]
    return [link, text, Token("link_close", "a", -1)]


def _alternative(image: Token) -> str:
    return "".join(
        _alternative(child) if child.type == "image" else child.content or " "
        for child in image.children or []
        if child.nesting == 0
    ).strip()
