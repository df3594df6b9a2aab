"""Who may keep an answer (security.md 47)."""

import pytest

from tests.web.page import Page


def is_private(response) -> bool:
    caching = response.cache_control
    return bool(caching.private and caching.no_store)


def test_no_page_of_a_member_may_be_kept(browser_of, administrator, make_comment):
    comment = make_comment()
    browser = browser_of(administrator)
    for path in (
        "/",
        f"/post/{comment.post_id}",
        f"/user/{comment.author.username}",
        f"/edit-profile/{comment.author_id}",
        "/moderate",
        "/edit-profile",
        "/auth/sessions",
        "/auth/change-password",
        "/appearance",
        "/nowhere",
        "/auth/reset",  # a redirect
        "/?page=%00",
    ):
        assert is_private(browser.get(path)), path
    assert is_private(browser.post("/", data={"body": "x"}))
    assert is_private(browser.put("/"))


def test_a_page_with_a_token_for_one_stranger_may_not_be_kept(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    for _ in range(2):  # the second time the cookie is there already
        response = client.get("/auth/login")
        assert Page.of(response).all("input", name="csrf_token")
        assert is_private(response)


def test_a_message_for_one_stranger_is_shown_to_nobody_else(client):
    client.get("/edit-profile")
    response = client.get("/")
    assert Page.of(response).flashes == ["Please log in to access this page."]
    assert is_private(response)


def test_a_remembered_visitor_is_no_stranger(app, browser_of, ann):
    browser = browser_of(ann, remember_me="y")
    browser.delete_cookie("session")
    second_tab = app.test_client()
    second_tab.set_cookie("remember_me", browser.get_cookie("remember_me").value)
    for tab in (browser, second_tab):
        assert is_private(tab.get("/auth/reset"))  # a redirect, for ann alone
        response = tab.get("/")
        assert Page.of(response).heading == "Hello, ann!"
        assert is_private(response)


@pytest.mark.parametrize("path", ["/", "/user/ann", "/nowhere"])
def test_what_every_stranger_sees_alike_may_be_kept_but_not_shown_to_members(client, ann, path):
    response = client.get(path)
    assert not response.cache_control.private
    assert not response.cache_control.no_store
    assert "Cookie" in response.vary
    assert "Set-Cookie" not in response.headers


def test_parts_of_pages_may_be_kept_by_everybody_for_a_year(client):
    for path in ("/site.css", "/avatar/ann.svg", "/static/favicon.svg"):
        with client.get(path) as response:
            assert response.cache_control.max_age == 31536000, path
            assert not response.cache_control.private, path
            assert "Cookie" not in response.vary, path


def test_logging_out_clears_what_the_browser_kept(browser_of, ann):
    response = browser_of(ann).post("/auth/logout")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_no_other_site_may_read_an_answer(browser_of, ann):
    headers = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
    browser = browser_of(ann)
    for method in ("GET", "OPTIONS", "HEAD"):
        answer = browser.open("/", method=method, headers=headers)
        assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]
