"""The one place where people's Markdown becomes HTML.

markdown-it-py parses (raw HTML is off, so tags in the text are shown, not obeyed), our policy
for links, images and headings is applied to its tokens, and nh3 has the last word: whatever the
steps before may have got wrong, only what its lists allow comes out.
"""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml, mdTrim
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .highlighting import CLASSES, LANGUAGES, highlight
from .markdown_bounds import Budget, bound, shorten_blanks
from .markdown_rules import OWN_PATH, SCHEMES, bare_url, normalize_url, plain_tag, tidy

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

# Control characters, halves of surrogate pairs and what Unicode keeps free cannot all be stored,
# sent as UTF-8 or put in a feed. They become the replacement character, as CommonMark has it
# for NUL.
_NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _sanitizer(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        allowed_classes={tag: names for tag, names in _CLASSES.items() if tag in tags},
        attribute_filter=_keep_own_images,
        set_tag_attribute_values={"img": {"loading": "lazy"}} if "img" in tags else None,
        url_schemes=SCHEMES,
        link_rel="nofollow ugc noopener noreferrer",
    )


def _keep_own_images(tag: str, attribute: str, value: str) -> str | None:
    is_foreign = tag == "img" and attribute == "src" and not OWN_PATH.match(value)
    return None if is_foreign else value


sanitize_post = _sanitizer(_POST_TAGS).clean
sanitize_comment = _sanitizer(_COMMENT_TAGS).clean


def render_post(text: str | None) -> str | None:
    """Return the HTML of a post's Markdown; None stays None, blank text gives "".

    Raises ValueError when `text` has more than POST_LIMIT bytes of UTF-8.
    """
    if text is None:
        return None
    text, env = _prepare(text, POST_LIMIT), {"budget": Budget()}
    if _is_paragraph(text):
        html = f"<p>{_post_parser.renderInline(mdTrim(text), env)}</p>"
    else:
        html = _post_parser.render(text, env)
    return sanitize_post(html).strip()


def render_comment(text: str | None) -> str | None:
    """Return the HTML of a comment's Markdown; a single paragraph comes without its <p>.

    None stays None, blank text gives "". Headings become paragraphs and images become links.
    Raises ValueError when `text` has more than COMMENT_LIMIT bytes of UTF-8.
    """
    if text is None:
        return None
    text, env = _prepare(text, COMMENT_LIMIT), {"budget": Budget()}
    if _is_paragraph(text):
        return sanitize_comment(_comment_parser.renderInline(mdTrim(text), env)).strip()
    tokens = _comment_parser.parse(text, env)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        tokens = tokens[1:2]
    html = _comment_parser.renderer.render(tokens, _comment_parser.options, env)
    return sanitize_comment(html).strip()


def _is_paragraph(text: str) -> bool:
    """Tell at a glance that `text` is one paragraph, as most comments are.

    All else in Markdown takes a second line or begins with something that is no letter, so that
    nobody need look for it, which takes two thirds as long as the words themselves.
    """
    return text[:1].isalpha() and "\n" not in text and "\r" not in text


def _prepare(text: str, limit: int) -> str:
    size = len(text.encode(errors="surrogatepass"))
    if size > limit:
        raise ValueError(f"The text has {size} bytes; at most {limit} are allowed.")
    return shorten_blanks(_NO_CHARACTERS.sub("\ufffd", text))


def build_parser(*, html: bool = False, policy: bool = True, comment: bool = False) -> MarkdownIt:
    """Return the Markdown parser.

    `html=True, policy=False` gives plain CommonMark without our rules, bounds and extensions:
    the form in which it can be compared with the specification.
    """
    parser = MarkdownIt("commonmark", {"html": html, "xhtmlOut": not policy})
    if not policy:
        return parser
    parser.enable(["strikethrough"] if comment else ["strikethrough", "table"])
    # Refused addresses lose their link in `tidy`; the parser would show the whole construct.
    parser.validateLink = lambda url: True
    parser.inline.add_terminator_char("w")
    parser.inline.add_terminator_char("W")
    parser.inline.ruler.after("text", "bare_url", bare_url)
    parser.inline.ruler.before("autolink", "plain_tag", plain_tag)
    # Addresses are shown as typed: decoding them would turn xn-- names into look-alikes.
    parser.normalizeLinkText = lambda url: url
    parser.normalizeLink = normalize_url
    parser.core.ruler.push("policy", _comment_policy if comment else _post_policy)
    parser.add_render_rule("fence", _render_fence)
    bound(parser)
    return parser


def _post_policy(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and token.attrs:
            # The parser writes style="text-align:…", which our Content-Security-Policy forbids.
            side = str(token.attrs.pop("style")).removeprefix("text-align:")
            token.attrs["class"] = f"align-{side}"
        elif token.type == "inline":
            token.children = tidy(token.children or [], images=True)


def _comment_policy(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.type = token.type.replace("heading", "paragraph")
            token.tag = "p"
        elif token.type == "inline":
            token.children = tidy(token.children or [], images=False)


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
