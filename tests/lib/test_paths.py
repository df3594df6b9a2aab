"""Where `next` may lead: to a path on this site, and nowhere else."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.lib.paths import local_path

HERE = "https://flasky.example.org/auth/login"


@pytest.mark.parametrize(
    "path", ["/", "/user/ann", "/post/1?page=-1#comments", "/?next=https://example.com", "/a:b",
             "/a//b", "/%2f/x", "/é"]
)  # fmt: skip
def test_a_path_on_this_site_is_followed(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "user/ann",
        "?page=2",
        "#top",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "https://evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " /user/ann",
        "/user/ann ",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "/\0",
        "/a\x7f",
        "/a\x85b",
        "/a\u2028b",
        "/a b",
        "//[",
        "/" + "a" * 2000,
    ],
)
def test_anything_else_is_not(target):
    assert local_path(target) is None


def test_a_path_of_2000_characters_is_the_longest():
    assert local_path("/" + "a" * 1999) is not None


@settings(database=None)
@given(st.text("/\\:?#@.[]%0Aa \t\n\r\0é", max_size=12) | st.text(max_size=20))
@example("/[")
@example("/x:@[")
def test_what_is_followed_stays_on_this_site_however_a_browser_reads_it(target):
    if local_path(target) is not None:
        # Browsers drop tabs and line breaks, trim blanks and read a backslash as a slash.
        read = target.translate({9: None, 10: None, 13: None, 92: "/"}).strip("\0 ")
        assert urlsplit(urljoin(HERE, read))[:2] == ("https", "flasky.example.org")
