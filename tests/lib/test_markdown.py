"""What people's Markdown becomes: the features, one by one."""

import pytest

from app.lib.markdown import (
    COMMENT_LIMIT,
    POST_LIMIT,
    RENDER_VERSION,
    render_comment,
    render_post,
)
from tests.lib.outline import text_of

REL = 'rel="nofollow ugc noopener noreferrer"'


def link(url: str, text: str | None = None) -> str:
    return f'<a href="{url}" {REL}>{text or url}</a>'


# Posts and comments as such


def test_a_post_is_wrapped_in_paragraphs():
    html = "<p>body of the <em>blog</em> post</p>"
    assert render_post("body of the *blog* post") == html


def test_a_comment_of_one_paragraph_has_no_paragraph():
    assert render_comment("nice") == "nice"
    assert render_comment("*very* nice\nindeed\n") == "<em>very</em> nice\nindeed"


def test_a_comment_of_several_blocks_keeps_its_paragraphs():
    assert render_comment("one\n\ntwo") == "<p>one</p>\n<p>two</p>"
    assert render_comment("one\n\n- two") == "<p>one</p>\n<ul>\n<li>two</li>\n</ul>"


@pytest.mark.parametrize("render", [render_post, render_comment])
def test_no_text_stays_no_text(render):
    assert render(None) is None
    assert render("") == ""
    assert render(" \n\t\n") == ""


@pytest.mark.parametrize(("render", "limit"), [(render_post, 65_536), (render_comment, 8_192)])
def test_the_limit_counts_bytes(render, limit):
    assert limit in (POST_LIMIT, COMMENT_LIMIT)
    assert text_of(render("é" * (limit // 2))) == "é" * (limit // 2)
    with pytest.raises(ValueError, match=f"{limit + 2} bytes; at most {limit} "):
        render("é" * (limit // 2 + 1))


def test_a_renderer_has_a_version():
    assert isinstance(RENDER_VERSION, int)


# What posts and comments may hold


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# a", "<h1>a</h1>"),
        ("a\n---", "<h2>a</h2>"),
        ("###### a", "<h6>a</h6>"),
        ("a\n\n* * *", "<p>a</p>\n<hr>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("~~a~~ **b**", "<p><s>a</s> <strong>b</strong></p>"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("    a < b", "<pre><code>a &lt; b\n</code></pre>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("[a](/b 'c')", f'<p><a href="/b" title="c" {REL}>a</a></p>'),
        ("a\0b", "<p>a\ufffdb</p>"),
        ("a\ud83d \x0c\x1b\uffff", "<p>a\ufffd \ufffd\ufffd\ufffd</p>"),
        ("\u202ea\u200f", "<p>\u202ea\u200f</p>"),
    ],
)
def test_posts_may_hold(text, html):
    assert render_post(text) == html


def test_tables_are_aligned_by_class():
    assert render_post("|a|b|c|d|\n|-|:-|:-:|-:|\n|1|2|3|4|") == (
        "<table>\n<thead>\n<tr>\n<th>a</th>\n"
        '<th class="align-left">b</th>\n<th class="align-center">c</th>\n'
        '<th class="align-right">d</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n'
        '<td class="align-left">2</td>\n<td class="align-center">3</td>\n'
        '<td class="align-right">4</td>\n</tr>\n</tbody>\n</table>'
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# a", "a"),
        ("a\n===\n\nb", "<p>a</p>\n<p>b</p>"),
        ("**a** `b` ~~c~~", "<strong>a</strong> <code>b</code> <s>c</s>"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("1. a", "<ol>\n<li>a</li>\n</ol>"),
        ("```\na\n```", "<pre><code>a\n</code></pre>"),
        ("|a|\n|-|\n|b|", "|a|\n|-|\n|b|"),
        ("a\n\n---", "<p>a</p>"),
    ],
)
def test_comments_may_hold(text, html):
    assert render_comment(text) == html


@pytest.mark.parametrize("render", [render_post, render_comment])
def test_four_tags_without_a_sign_in_markdown_are_understood(render):
    html = render('<abbr title="a &amp; b">A</abbr> <acronym>B</acronym> <b>*c*</b> <i>d</i>')
    assert (
        '<abbr title="a &amp; b">A</abbr> <acronym>B</acronym> <b><em>c</em></b> <i>d</i>' in html
    )
    assert '<abbr title="x">' in render("<abbr title='x'>y</abbr>")


def test_such_a_tag_may_stand_in_a_link_but_not_reach_out_of_it():
    assert render_comment("[<b>a</b>](/c)") == link("/c", "<b>a</b>")
    assert render_comment("*<b>a*</b>") == "*<b>a*</b>"


@pytest.mark.parametrize(
    "text",
    [
        "<b>a",
        "<b onclick=x>a</b>",
        "<b>a</i>",
        "<u>a</u>",
        "<script>a</script>",
        "<br>",
        "<!-- a -->",
    ],
)
def test_other_tags_are_shown_as_text(text):
    assert text_of(render_post(text)) == text
    assert render_post(text).count("<") == 2


# Links


@pytest.mark.parametrize(
    "url",
    [
        "http://a.org",
        "https://a.org/b?c=d&amp;e=f#g",
        "mailto:a@b.org",
        "/b",
        "b/c",
        "#d",
        "//e.org",
    ],
)
def test_every_link_is_marked_as_somebody_elses(url):
    assert render_post(f"[a]({url})") == f"<p>{link(url, 'a')}</p>"
    assert render_comment(f"[a]({url})") == link(url, "a")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript&colon;alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://a.org",
        "tel:1",
        "java&Tab;script:x",
        "&#xA0;javascript:x",
    ],
)
def test_a_link_with_another_scheme_keeps_only_its_text(url):
    assert render_post(f"a [*b*]({url}) c") == "<p>a <em>b</em> c</p>"
    assert render_comment(f"[a][]\n\n[a]: {url}") == "a"


def test_bare_addresses_become_links():
    html = render_post(
        "see https://a.org/b_c_d?e=f, http://a.org. Or (http://a.org/b_(c)) or www.b.org!"
    )
    assert html == (
        f"<p>see {link('https://a.org/b_c_d?e=f')}, {link('http://a.org')}."
        f" Or ({link('http://a.org/b_(c)')}) or {link('http://www.b.org', 'www.b.org')}!</p>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**http://a.org**", f"<strong>{link('http://a.org')}</strong>"),
        ("~~www.a.org~~", f"<s>{link('http://www.a.org', 'www.a.org')}</s>"),
        ("http://a.org/*b*", f"{link('http://a.org/*b')}*"),
        ("<http://a.org>", link("http://a.org")),
        ("<a@b.org>", link("mailto:a@b.org", "a@b.org")),
        ("HTTPS://a.org", link("HTTPS://a.org")),
        ("http://пример.рф", link("http://xn--e1afmkfd.xn--p1ai", "http://пример.рф")),
        ("http://xn--e1afmkfd.xn--p1ai", link("http://xn--e1afmkfd.xn--p1ai")),
        ("http://a.org/\u202eb", f"{link('http://a.org/')}\u202eb"),
    ],
)
def test_a_bare_address_ends_where_a_reader_would_end_it(text, html):
    assert render_comment(text) == html


@pytest.mark.parametrize(
    "text",
    [
        *("foo.zip", "a@b.org", "a.org", "ftp://a.org", "xhttp://a.org", "://a.org", "http:a.org"),
        *("http://", "https://!", "www.", "www. a", "awww.a.org", "me@www.a.org", "http:\\//a.org"),
        *("window", "What", "\\http://a.org", "http\\://a.org"),
    ],
)
def test_what_only_looks_like_an_address_is_no_link(text):
    assert "<a" not in render_post(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`http://a.org www.a.org`", "<code>http://a.org www.a.org</code>"),
        ("[http://a.org www.a.org](/b)", link("/b", "http://a.org www.a.org")),
        ("```\nhttp://a.org\n```", "<pre><code>http://a.org\n</code></pre>"),
    ],
)
def test_addresses_in_code_and_links_stay_as_they_are(text, html):
    assert render_comment(text) == html


def test_a_link_may_begin_with_a_bare_address_before_its_bracket():
    assert render_comment("[http://a.org b](c)") == link("c", "http://a.org b")


# Images


def test_an_image_of_this_site_is_shown():
    html = '<p><img src="/b.png" alt="a &amp; c" title="d" loading="lazy"></p>'
    assert render_post('![a & *c*](/b.png "d")') == html


@pytest.mark.parametrize("url", ["http://b.org/c.png", "//b.org/c.png", "b.png", "mailto:a@b.org"])
def test_an_image_of_another_site_is_a_link(url):
    assert render_post(f"![a *b*]({url})") == f"<p>{link(url, 'a b')}</p>"
    assert render_post(f"![]({url})") == f"<p>{link(url)}</p>"
    assert f'title="t" {REL}' in render_post(f"![]({url} 't')")


def test_an_image_in_a_comment_is_a_link():
    assert render_comment("![a](/b.png)") == link("/b.png", "a")


def test_an_image_in_a_link_is_its_text():
    assert render_post("[![a](http://b.org)](/c)") == f"<p>{link('/c', 'a')}</p>"
    assert '<img src="/b"' in render_post("[![a](/b)](/c)")


def test_an_image_keeps_the_text_of_images_and_lines_inside():
    assert render_comment("![a ![b](c)\nd `e`](http://f.org)") == link("http://f.org", "a b d e")


def test_an_image_with_a_refused_address_is_its_text():
    assert render_post("![a](javascript:b)") == "<p>a</p>"
    assert render_post("![a](data:image/png;base64,b)") == "<p>a</p>"
