"""Templates and static files: strict enough for the Content-Security-Policy, and all in use."""

import re
from fnmatch import fnmatch

import pytest

from tests.architecture.source import APP, ROOT, modules, text_files

INLINE = re.compile(r"""<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:""", re.I)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)", re.I)
FOREIGN = re.compile(
    r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
)
REMOTE = re.compile(r"""https?://|["'`]//\w""")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch|color)\(", re.I)
_MAIL = ("html", "txt")
SOMEBODYS_HOME = re.compile(r"/(?:root|home/[a-z]\w*|Users/[A-Z]\w*)/\w")


def _pages():
    # What a mail looks like is not the browser's matter, and a text has no markup.
    return [p for p in text_files("templates", endings=(".html",)) if "mail" not in p.parts]


@pytest.mark.parametrize("rule", [INLINE, INLINE_SCRIPT], ids=["style or handler", "script"])
def test_no_template_holds_anything_inline(rule):
    assert {path.name for path in _pages() if rule.search(path.read_text())} == set()


def test_inline_code_is_noticed():
    assert INLINE.search('<p style="color: red">')
    assert INLINE.search("<a onclick='x()'>")
    assert INLINE_SCRIPT.search("<script>x()</script>")
    assert not INLINE_SCRIPT.search('<script type="module" src="/static/js/x.js"></script>')


def test_no_page_and_no_style_asks_another_site():
    # A map of the world is a link that somebody follows, nothing that a page loads.
    allowed = re.compile(r'href="https://www\.openstreetmap\.org/')
    for path in [*_pages(), *text_files("static/css", endings=(".css",))]:
        text = allowed.sub("", path.read_text())
        assert not FOREIGN.search(text), path.name


def test_no_script_of_ours_asks_another_site():
    scripts = text_files("static/js", endings=(".js",))
    assert {path.name for path in scripts if REMOTE.search(path.read_text())} == set()


def test_an_address_elsewhere_is_noticed():
    assert REMOTE.search("fetch('https://example.com/x')")
    assert REMOTE.search('import "//cdn.example.com/x.js"')
    assert not REMOTE.search("// see RFC 9110")
    assert FOREIGN.search('<script src="//cdn.example.com/x.js">')
    assert FOREIGN.search("@import url(https://example.com/font.css)")


def test_colours_stand_in_the_tokens_alone():
    styles = text_files("static/css", endings=(".css",))
    coloured = {path.name for path in styles if COLOUR.search(path.read_text())}
    assert coloured == {"tokens.css"}


def test_every_style_sheet_is_in_the_order():
    order = (APP / "static/css/ORDER").read_text().split()
    there = {
        str(path.relative_to(APP / "static/css"))
        for path in text_files("static/css", endings=(".css",))
    }
    assert sorted(order) == sorted(there)


def templates_named_in(text: str) -> set[str]:
    """Return the templates that a source names in quotes; a mail is named without its ending."""
    quoted = set(re.findall(r"""["']([\w./]+)["']""", text))
    mails = {name for name in quoted if "mail/" in name}
    return {n for n in quoted if n.endswith(".html")} | {f"{n}.{e}" for n in mails for e in _MAIL}


def test_every_template_is_used():
    there = {
        str(path.relative_to(APP / "templates"))
        for path in text_files("templates", endings=(".html", ".txt"))
    }
    sources = text_files("", endings=(".py", ".html"))
    used = set().union(*(templates_named_in(path.read_text()) for path in sources))
    assert there - used == set()
    assert {name for name in used - there if "/" in name and "mail" not in name} == set()


def test_a_template_that_nobody_names_is_noticed():
    assert templates_named_in("render_template('a.html', post=post)") == {"a.html"}
    assert templates_named_in("{% include '_b.html' %}{# index #}") == {"_b.html"}
    assert "mail/c.txt" in templates_named_in("send(to, 'x', 'mail/c')")


def test_only_the_macro_for_rendered_texts_trusts_html():
    trusting = [p.name for p in _pages() if re.search(r"\|\s*safe\b", p.read_text())]
    assert trusting == ["_macros.html"]


def test_python_makes_markup_in_few_places():
    makers = {m.name for m in modules() if "Markup" in m.names_from("markupsafe")}
    assert makers <= {"web.dates", "web.editor", "web.fragments", "web.frames", "main.posts"}


def unlisted(names: set[str], versions: str) -> set[str]:
    """Return the files that VERSIONS names neither themselves nor by a pattern."""
    listed = re.findall(r"[\w.*-]+/[\w.*/-]+", versions)
    return {name for name in names if not any(fnmatch(name, pattern) for pattern in listed)}


def test_every_vendored_file_is_named_with_its_version():
    vendor = APP / "static/vendor"
    names = {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()}
    assert unlisted(names - {"VERSIONS"}, (vendor / "VERSIONS").read_text()) == set()


def test_a_vendored_file_without_a_version_is_noticed():
    versions = "moment/moment.min.js  2.31.0  MIT, moment/LICENSE\nmoment/locale/*.js  2.31.0"
    names = {"moment/moment.min.js", "moment/LICENSE", "moment/locale/de.js"}
    assert unlisted(names, versions) == set()
    assert unlisted({"moment/x.js", "htmx/htmx.js"}, versions) == {"moment/x.js", "htmx/htmx.js"}


def test_no_file_names_a_path_of_one_machine():
    folders = ("app", "benchmarks", "deploy", "docs", "migrations", "requirements", "tests")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    for path in [*files, *ROOT.iterdir()]:
        if path.suffix in {".py", ".md", ".yml", ".toml", ".sh", ".txt", ".js"}:
            text = path.read_text()
            assert not SOMEBODYS_HOME.search(text), path
            # Where this copy lies is a place like any other, unless it is as short as "/app".
            assert len(ROOT.parts) < 3 or str(ROOT) not in text, path


def test_a_path_of_one_machine_is_noticed():
    assert SOMEBODYS_HOME.search("see " + "/".join(["", "home", "ann", "flasky"]))
