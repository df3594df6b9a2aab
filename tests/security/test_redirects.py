"""A log-in leads to a path on this site or nowhere (contract K5; security.md 41).

What counts as one is tested more closely in tests/lib/test_paths.py.
"""

from urllib.parse import urljoin, urlsplit

import pytest

ELSEWHERE = [
    "https://evil.example",
    "http:evil.example",
    "http:///evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/%0a/evil.example\n",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "evil.example",
    "../evil",
    "?next=//evil.example",
    "#fragment",
    "",
    "/\u2028/evil.example",
    "/\u0085/evil.example",
    "/" + "x" * 2000,
    "//[evil",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_log_in_never_leads_elsewhere(client, ann, target):
    form = {"email": ann.email, "password": "cat"}
    response = client.post("/auth/login", query_string={"next": target}, data=form)
    assert (response.status_code, response.location) == (302, "/")


@pytest.mark.parametrize("target", ["/", "/user/ann", "/?page=2", "/post/1#comments", "/a%2f%2fb"])
def test_a_log_in_leads_on_to_a_path_of_this_site(client, ann, target):
    form = {"email": ann.email, "password": "cat"}
    response = client.post("/auth/login", query_string={"next": target}, data=form)
    assert response.location == target


@pytest.mark.parametrize(
    "query",
    ["next=%2F%2Fevil.example", "next=/&next=//evil.example", "next=%ED%A0%80", "next=/%0D%0Ax"],
)
def test_odd_spellings_in_the_address_are_no_way_out(client, ann, query):
    response = client.post(f"/auth/login?{query}", data={"email": ann.email, "password": "cat"})
    assert response.status_code == 302
    assert "evil" not in response.location


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "/user//ann", "///evil.example", "/static//evil.example"]
)
def test_an_address_with_doubled_slashes_never_leads_elsewhere(client, path):
    response = client.get("/", environ_overrides={"PATH_INFO": path})
    assert response.status_code in (308, 404)
    leads_to = urlsplit(urljoin("http://localhost/", response.location or ""))
    assert leads_to.netloc == "localhost"
