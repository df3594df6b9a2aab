"""Light and dark, pictures and the style sheet (issue 2, 6)."""

import pytest

from tests.web.page import Page


def test_the_page_offers_three_choices(client):
    page = Page.of(client.get("/appearance"))
    assert page.title == "Flasky - Appearance"
    radios = page.all("input", name="theme")
    assert [radio["value"] for radio in radios] == ["system", "light", "dark"]
    assert [radio["value"] for radio in radios if "checked" in radio.attributes] == ["system"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_is_remembered_and_shows_on_every_page(client, theme):
    response = client.post("/appearance", data={"theme": theme})
    assert (response.status_code, response.location) == (302, "/appearance")
    cookie = client.get_cookie("theme")
    assert (cookie.value, cookie.max_age, cookie.same_site) == (theme, 365 * 24 * 3600, "Lax")
    for path in ("/", "/auth/login", "/nowhere"):
        assert Page.of(client.get(path)).first("html")["data-theme"] == theme
    radios = Page.of(client.get("/appearance")).all("input", name="theme")
    assert [radio["value"] for radio in radios if "checked" in radio.attributes] == [theme]


def test_like_my_device_forgets_the_choice(client):
    client.post("/appearance", data={"theme": "dark"})
    client.post("/appearance", data={"theme": "system"})
    assert client.get_cookie("theme") is None
    assert Page.of(client.get("/")).first("html").get("data-theme") is None


@pytest.mark.parametrize("theme", ["", "pink", '"><script>'])
def test_a_colour_that_does_not_exist_is_refused(client, theme):
    response = client.post("/appearance", data={"theme": theme})
    assert response.status_code == 200
    assert client.get_cookie("theme") is None


def test_a_cookie_with_another_value_means_nothing(client):
    client.set_cookie("theme", '"><script>')
    response = client.get("/")
    assert Page.of(response).first("html").get("data-theme") is None
    assert client.get("/appearance").status_code == 200


def test_everybody_has_a_picture_that_may_be_kept(client):
    response = client.get("/avatar/ann.svg")
    assert response.mimetype == "image/svg+xml"
    assert response.text.startswith("<svg ")
    assert response.cache_control.public
    assert response.cache_control.max_age == 31536000
    assert client.get("/avatar/ann.svg").text == response.text
    assert client.get("/avatar/bob.svg").text != response.text


def test_a_picture_that_is_still_the_same_is_not_sent_again(client):
    etag = client.get("/avatar/ann.svg").headers["ETag"]
    response = client.get("/avatar/ann.svg", headers={"If-None-Match": etag})
    assert (response.status_code, response.data) == (304, b"")


def test_the_name_of_a_picture_has_bounds(client):
    assert client.get(f"/avatar/{'x' * 64}.svg").status_code == 200
    assert client.get(f"/avatar/{'x' * 65}.svg").status_code == 404
    for name in ("%F0%9F%92%A9", "%E2%80%AE", "a%20b", "%ff"):
        assert client.get(f"/avatar/{name}.svg").status_code == 200


def test_pictures_tell_nothing_of_who_exists(client, ann, statements):
    with statements() as seen:
        client.get("/avatar/ann.svg")
        client.get("/avatar/nobody_at_all.svg")
    assert seen == []


def test_the_style_sheet_is_one_file_under_an_address_that_changes_with_it(client):
    page = Page.of(client.get("/"))
    (sheet,) = [link["href"] for link in page.all("link", rel="stylesheet")]
    assert sheet.startswith("/site.css?v=")
    response = client.get(sheet)
    assert response.mimetype == "text/css"
    assert response.cache_control.public
    assert response.cache_control.max_age == 31536000
    assert len(response.data) > 1000


def test_who_is_signed_in_costs_the_database_nothing_for_the_parts_of_a_page(
    browser_of, ann, statements
):
    browser = browser_of(ann)
    with statements() as seen:
        for path in ("/site.css", "/avatar/ann.svg", "/static/favicon.svg"):
            with browser.get(path) as response:
                assert response.status_code == 200
                assert "Cookie" not in response.vary
    assert seen == []


def test_gravatar_is_asked_only_where_the_operator_wants_it(app, client, ann, make_post):
    make_post(author=ann)
    assert "gravatar.com" not in client.get("/").text
    app.config["FLASKY_AVATARS"] = "gravatar"
    response = client.get("/")
    picture = Page.of(response).first("article").first("img")["src"]
    assert picture == ann.gravatar(size=80)
    policy = response.headers["Content-Security-Policy"]
    assert "img-src 'self' https://secure.gravatar.com;" in policy
