"""What is on every page (contract E, base)."""

import pytest
from flask import render_template_string

from app.queries import paging
from tests.web.page import Page


def nav(response):
    return Page.of(response).first("nav", aria_label="Main")


def test_a_stranger_finds_home_and_log_in(client):
    links = {link.text: link["href"] for link in nav(client.get("/")).all("a")}
    assert links["Flasky"] == "/"
    assert links["Home"] == "/"
    assert links["Log In"] == "/auth/login"
    assert not {"Profile", "Moderate Comments"} & set(links)


def test_a_user_finds_profile_and_account(browser_of, ann):
    bar = nav(browser_of(ann).get("/"))
    links = {link.text: link["href"] for link in bar.all("a")}
    assert links["Profile"] == "/user/ann"
    assert links["Change Password"] == "/auth/change-password"
    assert links["Change Email"] == "/auth/change_email"
    assert not {"Log In", "Moderate Comments"} & set(links)
    assert "Account" in bar.text
    assert bar.first("img", class_="avatar")["src"].startswith("/avatar/ann.svg")
    log_out = bar.first("form", action="/auth/logout")
    assert log_out["method"] == "post"
    assert log_out.texts("button") == ["Log Out"]


@pytest.mark.parametrize("role", ["Moderator", "Administrator"])
def test_moderators_find_their_page(browser_of, make_user, role):
    links = nav(browser_of(make_user(role=role)).get("/")).all("a", href="/moderate")
    assert [link.text for link in links] == ["Moderate Comments"]


def test_every_page_has_a_language_an_icon_a_way_past_the_bar_and_one_heading(
    client, browser_of, administrator, make_comment
):
    comment = make_comment()
    name = comment.author.username
    browser = browser_of(administrator)
    for path in (
        "/",
        "/user/" + name,
        f"/post/{comment.post_id}",
        f"/edit/{comment.post_id}",
        f"/post/{comment.post_id}/delete",
        f"/comment/{comment.id}/delete",
        "/followers/" + name,
        "/followed_by/" + name,
        "/moderate",
        "/edit-profile",
        f"/edit-profile/{comment.author_id}",
        "/appearance",
        "/auth/login",
        "/auth/register",
        "/auth/change-password",
        "/auth/change_email",
        "/auth/sessions",
        "/auth/delete-account",
        "/nowhere",
    ):
        page = Page.of(browser.get(path))
        assert page.first("html")["lang"] == "en", path
        assert page.first("link", rel="icon")["href"].startswith("/static/favicon.svg"), path
        assert page.link("Skip to content") == "#content", path
        assert page.all("main", id="content"), path
        assert len(page.all("h1")) == 1, path
        assert page.title.startswith("Flasky"), path
        assert len({element["id"] for element in page.all(id=None)}) == len(page.all(id=None)), path


def test_messages_are_announced_and_can_be_dismissed(client):
    client.get("/edit-profile")
    page = Page.of(client.get("/auth/login"))
    region = page.first(id="flashes")
    assert region["role"] == "status"
    assert region.first("button").text == "Dismiss this message"


def test_a_message_is_shown_once_and_escaped(browser_of, ann):
    browser = browser_of(ann)
    with browser.session_transaction() as session:
        session["_flashes"] = [("message", "<b>Hi</b>")]
    page = Page.of(browser.get("/"))
    assert page.flashes == ["<b>Hi</b>"]
    assert page.first(id="flashes").all("b") == []
    assert Page.of(browser.get("/")).flashes == []


def test_names_and_texts_are_escaped_everywhere(browser_of, administrator, make_user, make_post):
    evil = "<i id=evil>\"'&"
    user = make_user("mallory", name=evil, location=evil, about_me=evil)
    make_post(author=user)
    browser = browser_of(administrator)
    for path in ("/", "/user/mallory", f"/edit-profile/{user.id}"):
        assert Page.of(browser.get(path)).all(id="evil") == [], path


def test_scripts_and_styles_come_from_here_under_addresses_that_change_with_them(client):
    page = Page.of(client.get("/"))
    sources = [script["src"] for script in page.all("script")]
    assert any("moment" in source for source in sources)
    for source in sources:
        assert source.startswith("/static/")
        assert "?v=" in source
        with client.get(source) as response:
            assert response.status_code == 200


@pytest.mark.parametrize("block", ["title", "head", "navbar", "content", "page_content", "scripts"])
def test_a_page_can_fill_every_block_of_the_base(app, block):
    source = "{% extends 'base.html' %}{% block " + block + " %}filled in{% endblock %}"
    with app.test_request_context():
        assert render_template_string(source).count("filled in") == 1


def test_every_template_knows_the_permissions(app):
    source = "{{ Permission.FOLLOW }} {{ Permission.ADMIN }} {{ current_user.can(1) }}"
    with app.test_request_context():
        assert render_template_string(source) == "1 16 False"


def test_the_pager_keeps_the_other_parts_of_an_address(app):
    source = (
        "{% import '_macros.html' as macros with context %}"
        "{{ macros.pagination_widget(pages, 'main.user', fragment='#x', username='ann') }}"
    )
    pages = paging.Page(items=[], page=2, per_page=2, total=5)
    with app.test_request_context():
        links = Page(render_template_string(source, pages=pages)).first("nav").all("a")
    numbers = [1, 1, 2, 3, 3]  # back, the pages, onwards
    assert [link["href"] for link in links] == [f"/user/ann?page={n}#x" for n in numbers]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/auth/login", {"email": "username", "password": "current-password"}),
        (
            "/auth/register",
            {
                "email": "email",
                "username": "username",
                "password": "new-password",
                "password2": "new-password",
            },
        ),
        (
            "/auth/change-password",
            {
                "old_password": "current-password",
                "password": "new-password",
                "password2": "new-password",
            },
        ),
        ("/auth/change_email", {"email": "email", "password": "current-password"}),
        ("/auth/delete-account", {"password": "current-password"}),
    ],
)
def test_password_managers_are_told_which_field_is_which(app, browser_of, ann, path, expected):
    browser = (
        browser_of(ann) if path not in ("/auth/login", "/auth/register") else app.test_client()
    )
    page = Page.of(browser.get(path))
    for name, hint in expected.items():
        field = page.first("input", name=name)
        assert field["autocomplete"] == hint
        assert (field["type"] == "password") == ("password" in name)
