"""The one place where people's Markdown becomes HTML.

markdown-it-py parses (raw HTML is off, so tags in the text are shown, not obeyed), our policy
for links, images and headings is applied to its tokens, and nh3 has the last word: whatever the
steps before may have got wrong, only what SANITIZER allows comes out.
"""

from __future__ import annotations

import re

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .highlighting import CLASSES, LANGUAGES, highlight
from .markdown_bounds import MAX_URL, Budget, bound, paid, shorten_blanks

# Stored with every rendered text; a job re-renders texts of older versions. Raise it with every
# change that shows in the output.
RENDER_VERSION = 1

POST_LIMIT = 64 * 1024
COMMENT_LIMIT = 8 * 1024

_COMMENT_TAGS = set(
    "a abbr acronym b blockquote br code del em i li ol p pre s span strong ul".split()
)
_POST_TAGS = _COMMENT_TAGS | set("h1 h2 h3 h4 h5 h6 hr img table thead tbody tr th td".split())
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "acronym": {"title"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
}
_ALIGNMENTS = {"align-left", "align-center", "align-right"}
_CLASSES = {
    "code": {f"language-{name}" for name in LANGUAGES},
    "pre": {"highlight"},
    "span": set(CLASSES),
    "td": _ALIGNMENTS,
    "th": _ALIGNMENTS,
}
_SCHEMES = {"http", "https", "mailto"}

# A path on this site. `//host` and `/\host` lead elsewhere.
_OWN_PATH = re.compile(r"/(?![/\\])")
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_BARE_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
_BEFORE_WWW = re.compile(r"[\w.@/:+-]")
_NO_BLANKS = re.compile(r"[^\s<>]+")
# Nothing in such an address needs encoding.
_PLAIN_URL = re.compile(r"(?:[a-z0-9;/?:@&=+$,\-_.!~*'()#]|%[0-9a-f]{2})*+", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_PARTNERS = 20

_linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})


def _sanitizer(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        allowed_classes={tag: names for tag, names in _CLASSES.items() if tag in tags},
        set_tag_attribute_values={"img": {"loading": "lazy"}} if "img" in tags else None,
        url_schemes=_SCHEMES,
        link_rel="nofollow ugc noopener noreferrer",
    )


_clean_post = _sanitizer(_POST_TAGS).clean
_clean_comment = _sanitizer(_COMMENT_TAGS).clean


def render_post(text: str | None) -> str | None:
    """Return the HTML of a post's Markdown; None stays None, blank text gives "".

    Raises ValueError when `text` has more than POST_LIMIT bytes of UTF-8.
    """
    if text is None:
        return None
    text = _prepare(text, POST_LIMIT)
    return _clean_post(_post_parser.render(text, {"budget": Budget()})).strip()


def render_comment(text: str | None) -> str | None:
    """Return the HTML of a comment's Markdown; a single paragraph comes without its <p>.

    None stays None, blank text gives "". Headings become paragraphs and images become links.
    Raises ValueError when `text` has more than COMMENT_LIMIT bytes of UTF-8.
    """
    if text is None:
        return None
    text = _prepare(text, COMMENT_LIMIT)
    env = {"budget": Budget()}
    tokens = _comment_parser.parse(text, env)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        tokens = tokens[1:2]
    html = _comment_parser.renderer.render(tokens, _comment_parser.options, env)
    return _clean_comment(html).strip()


def _prepare(text: str, limit: int) -> str:
    # Half a surrogate pair is no character: it cannot be stored or sent as UTF-8, and becomes
    # the replacement character, as CommonMark wants it for NUL.
    text = _SURROGATE.sub("\ufffd", text)
    size = len(text.encode())
    if size > limit:
        raise ValueError(f"The text has {size} bytes; at most {limit} are allowed.")
    return shorten_blanks(text)


def build_parser(*, html: bool = False, policy: bool = True, comment: bool = False) -> MarkdownIt:
    """Return the Markdown parser.

    `html=True, policy=False` gives plain CommonMark without our rules, bounds and extensions:
    the form in which it can be compared with the specification.
    """
    parser = MarkdownIt("commonmark", {"html": html, "xhtmlOut": not policy})
    if not policy:
        return parser
    parser.enable(["strikethrough"] if comment else ["strikethrough", "table"])
    if comment:
        parser.disable("hr")
    # Refused addresses lose their link in _tidy; the parser would show the whole construct.
    parser.validateLink = lambda url: True
    parser.inline.add_terminator_char("w")
    parser.inline.add_terminator_char("W")
    parser.inline.ruler.after("text", "bare_url", paid(_bare_url))
    # Addresses are shown as typed: decoding them would turn xn-- names into look-alikes.
    parser.normalizeLinkText = lambda url: url
    parser.normalizeLink = _normalize_url
    parser.core.ruler.push("policy", _comment_policy if comment else _post_policy)
    parser.add_render_rule("fence", _render_fence)
    bound(parser)
    return parser


def _normalize_url(url: str) -> str:
    """Return `url` percent-encoded, its host in ASCII. Most are both already: the parser is slow."""
    return url if _PLAIN_URL.fullmatch(url) else normalizeLink(url)


def _bare_url(state: StateInline, silent: bool) -> bool:
    """Inline rule: `http://…`, `https://…` and `www.…` become links, outside of other links."""
    found = None if state.linkLevel else _find_bare_url(state)
    if not found:
        return False
    start, url = found
    typed_before = state.src[start : state.pos]
    if not silent:
        if not state.pending.endswith(typed_before):
            return False
        state.pending = state.pending.removesuffix(typed_before)
        token = state.push("link_open", "a", 1)
        token.attrs = {"href": state.md.normalizeLink(url if typed_before else f"http://{url}")}
        state.push("text", "", 0).content = url
        state.push("link_close", "a", -1)
    state.pos = start + len(url)
    return True


def _find_bare_url(state: StateInline) -> tuple[int, str] | None:
    """Return where the bare address around `state.pos` starts, and the address."""
    src, pos = state.src, state.pos
    if src.startswith("://", pos):
        scheme = _BARE_SCHEME.search(src[max(0, pos - 6) : pos])
        if not scheme:
            return None
        start, rest = pos - len(scheme[1]), pos + 1
        candidate = _NO_BLANKS.match(src, rest, min(state.posMax, rest + MAX_URL))[0]
        skipped = 0
    elif src[pos] in "wW" and src[pos : pos + 4].lower() == "www.":
        if pos and _BEFORE_WWW.match(src[pos - 1]):
            return None
        start = rest = pos
        candidate = "//" + _NO_BLANKS.match(src, rest, min(state.posMax, rest + MAX_URL))[0]
        skipped = 2
    else:
        return None
    # Each opening bracket or quote makes linkify-it look ahead to the end for its partner.
    if sum(map(candidate.count, "([{\"'")) > _MAX_PARTNERS:
        return None
    length = _linkify.test_schema_at(candidate, "http:", 0) - skipped
    # Signs of emphasis at the end belong to the text around the address.
    url = src[start : rest + max(length, 0)].rstrip("*_~")
    return (start, url) if len(url) > rest - start + len("www.") else None


def _post_policy(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and token.attrs:
            # The parser writes style="text-align:…", which our Content-Security-Policy forbids.
            side = str(token.attrs.pop("style")).removeprefix("text-align:")
            token.attrs["class"] = f"align-{side}"
        elif token.type == "inline":
            token.children = _tidy(token.children or [], images=True)


def _comment_policy(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.type = token.type.replace("heading", "paragraph")
            token.tag = "p"
        elif token.type == "inline":
            token.children = _tidy(token.children or [], images=False)


def _tidy(tokens: list[Token], *, images: bool) -> list[Token]:
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
        elif token.type == "image" and not (images and _OWN_PATH.match(str(token.attrs["src"]))):
            tidied.extend(_image_as_link(token, inside_link=any(kept)))
        else:
            tidied.append(token)
    return tidied


def _is_safe(url: str) -> bool:
    scheme = _SCHEME.match(url)
    return not scheme or scheme[1].lower() in _SCHEMES


def _image_as_link(image: Token, *, inside_link: bool) -> list[Token]:
    """Return tokens for an image that a page may not load: nothing from other hosts is fetched."""
    url = str(image.attrs["src"])
    text = Token("text", "", 0, content=_alternative(image) or url)
    if inside_link or not _is_safe(url):
        return [text]
    link = Token("link_open", "a", 1, attrs={**image.attrs, "href": url})
    return [link, text, Token("link_close", "a", -1)]


def _alternative(image: Token) -> str:
    return "".join(
        _alternative(child) if child.type == "image" else child.content or " "
        for child in image.children or []
        if child.nesting == 0
    ).strip()


def _render_fence(_renderer, tokens: list[Token], index: int, _options, env) -> str:
    code = tokens[index].content
    language = tokens[index].info.strip().split(maxsplit=1)[:1]
    language = language[0].lower() if language else ""
    if language not in LANGUAGES:
        return f"<pre><code>{escapeHtml(code)}</code></pre>\n"
    html, pieces = highlight(code, language, int(env["budget"].points))
    env["budget"].points -= pieces
    return f'<pre class="highlight"><code class="language-{language}">{html}</code></pre>\n'


_post_parser = build_parser()
_comment_parser = build_parser(comment=True)
