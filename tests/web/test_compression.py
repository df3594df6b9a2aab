"""What everybody may have is sent compressed; what is made for one person never is."""

import gzip

import brotli
import pytest
from werkzeug.test import Client

from app.web.compression import encoding_for
from app.web.page_cache import PageCache
from tests.web.page import Page

BROWSERS = "gzip, deflate, br, zstd"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


def get(client, path, accepted, **headers):
    response = client.get(path, headers={"Accept-Encoding": accepted, **headers})
    response.get_data()
    response.close()  # a file, if it was one
    return response


def unpacked(response) -> bytes:
    return UNPACK[response.headers.get("Content-Encoding", "")](response.data)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        (BROWSERS, "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", ""),
        ("what;is=this,,", ""),
    ],
)
def test_the_best_encoding_is_chosen_that_the_browser_takes(accepted, encoding):
    assert encoding_for(accepted) == encoding


@pytest.mark.parametrize("path", ["/", "/site.css", "/static/vendor/moment/moment.min.js"])
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_everybodys_texts_are_compressed(client, path, encoding):
    plain, packed = get(client, path, ""), get(client, path, encoding)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert unpacked(packed) == plain.data


@pytest.mark.parametrize("path", ["/", "/site.css", "/static/js/theme.js"])
def test_each_form_of_an_answer_has_a_tag_of_its_own(client, path):
    tags = {
        accepted: get(client, path, accepted).headers["ETag"] for accepted in ("", "br", "gzip")
    }
    assert len(set(tags.values())) == 3
    for accepted, tag in tags.items():
        assert get(client, path, accepted, **{"If-None-Match": tag}).status_code == 304
    assert get(client, path, "br", **{"If-None-Match": tags["gzip"]}).status_code == 200


def test_a_page_with_a_secret_in_it_is_never_compressed(browser_of, ann, make_post):
    make_post("long " * 500)
    browser = browser_of(ann)
    for path in ("/", "/auth/change-password", "/user/ann", "/edit-profile"):
        assert "Content-Encoding" not in get(browser, path, BROWSERS).headers, path


def test_a_log_in_form_is_never_compressed(client):
    assert "Content-Encoding" not in get(client, "/auth/login", BROWSERS).headers


def test_what_is_small_or_packed_already_stays_as_it_is(client):
    assert "Content-Encoding" not in get(client, "/avatar/ann.svg", BROWSERS).headers


def test_a_kept_page_goes_to_each_browser_in_a_form_that_it_takes(app, make_post):
    make_post("to be kept " * 100)
    visitor = Client(PageCache(app.wsgi_app, 3), use_cookies=False)
    for _ in range(2):
        answers = {accepted: get(visitor, "/", accepted) for accepted in ("", "br", "gzip", "br")}
        for accepted, answer in answers.items():
            assert answer.headers.get("Content-Encoding", "") == accepted
            assert b"to be kept" in unpacked(answer)


def test_a_first_visit_weighs_little_and_waits_for_one_style_sheet(client, make_post):
    for number in range(20):
        make_post(f"A post of some length, number {number}. " * 15)
    answer = get(client, "/", BROWSERS)
    page = Page(unpacked(answer).decode())
    scripts, links = page.all("script"), page.all("link")
    assert all(
        script["type"] == "module" if "type" in script.attributes else "defer" in script.attributes
        for script in scripts
    )
    assert len([link for link in links if link["rel"] == "stylesheet"]) == 1
    parts = {tag["src"] for tag in (*scripts, *page.all("img"))} | {link["href"] for link in links}
    weight = len(answer.data) + sum(len(get(client, part, BROWSERS).data) for part in parts)
    assert weight < 100_000
