"""Turning the pages of a list that grows at the top shows every row once."""

import re
from datetime import timedelta

import pytest

from app.lib.clock import utcnow


def _next_link(html: str) -> str:
    return re.search(r'<a rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")


def _bodies(html: str) -> list[str]:
    return re.findall(r"row \d+", html)


@pytest.fixture
def small_pages(app):
    app.config["FLASKY_POSTS_PER_PAGE"] = app.config["FLASKY_COMMENTS_PER_PAGE"] = 3


@pytest.fixture
def write_rows(ann, make_post):
    """Write posts `row <n>`, each a minute after the one before."""

    def write(numbers) -> None:
        for number in numbers:
            when = utcnow() - timedelta(hours=1) + timedelta(minutes=number)
            make_post(f"row {number}", author=ann, timestamp=when)

    return write


@pytest.mark.parametrize("address", ["/", "/user/ann"])
def test_the_next_page_repeats_nothing_when_posts_arrive(client, small_pages, write_rows, address):
    write_rows(range(7))
    first = client.get(address).text
    write_rows(range(7, 12))
    second = client.get(_next_link(first)).text
    third = client.get(_next_link(second)).text
    seen = _bodies(first) + _bodies(second) + _bodies(third)
    assert seen == [f"row {number}" for number in (6, 5, 4, 3, 2, 1, 0)]


def test_the_last_page_knows_that_it_is_the_last_when_posts_arrive(client, small_pages, write_rows):
    write_rows(range(6))
    first = client.get("/").text
    write_rows(range(6, 30))
    assert 'rel="next"' not in client.get(_next_link(first)).text


def test_the_first_page_is_always_the_newest(client, small_pages, write_rows):
    write_rows(range(7))
    second = client.get(_next_link(client.get("/").text)).text
    write_rows([7])
    back = re.search(r'<a rel="prev" href="([^"]+)"', second)[1]
    assert _bodies(client.get(back).text)[0] == "row 7"


def test_the_moderators_list_repeats_nothing_either(
    browser_of, moderator, small_pages, make_comment, make_post
):
    post = make_post()
    for number in range(5):
        make_comment(f"row {number}", post=post)
    browser = browser_of(moderator)
    first = browser.get("/moderate").text
    make_comment("row 99", post=post)
    assert _bodies(first) + _bodies(browser.get(_next_link(first)).text) == [
        f"row {number}" for number in (4, 3, 2, 1, 0)
    ]


@pytest.mark.parametrize("as_of", ["x", "-1", "0", "9" * 30, "-" + "9" * 30])
def test_a_moment_that_makes_no_sense_is_no_fault(client, small_pages, write_rows, as_of):
    write_rows(range(4))
    assert client.get(f"/?page=2&as_of={as_of}").status_code == 200
