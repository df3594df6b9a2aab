"""Logging in and out (contract C, auth)."""

import pytest

from app.extensions import db
from app.models import UserSession
from tests.web.page import Page


def test_the_page_has_its_title_heading_and_ways_out(client):
    page = Page.of(client.get("/auth/login"))
    assert (page.title, page.heading) == ("Flasky - Login", "Login")
    assert page.link("Click here to reset it") == "/auth/reset"
    assert page.link("Click here to register") == "/auth/register"
    assert "Forgot your password?" in page.text
    assert "New user?" in page.text
    assert {"Email", "Password", "Keep me logged in"} <= set(page.texts("label"))
    assert page.first("input", type="submit")["value"] == "Log In"
    assert page.first("input", type="submit")["name"] == "submit"


def test_the_right_password_leads_home_and_signs_in(client, ann):
    response = client.log_in(ann)
    assert (response.status_code, response.location) == (302, "/")
    assert Page.of(client.get("/")).heading == "Hello, ann!"


def test_the_address_may_be_typed_in_any_case_and_with_spaces_around(client, ann):
    response = client.log_in(ann, email="  ANN@Example.COM ")
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("email", "password"), [("ann@example.com", "dog"), ("nobody@example.com", "cat")]
)
def test_a_wrong_password_or_address_says_the_same_and_signs_nobody_in(
    client, ann, email, password
):
    response = client.post("/auth/login", data={"email": email, "password": password})
    assert response.status_code == 200
    page = Page.of(response)
    assert page.flashes == ["Invalid email or password."]
    assert page.first("input", name="email")["value"] == email
    assert Page.of(client.get("/")).heading == "Hello, Stranger!"


def test_a_password_is_never_sent_back(client, ann):
    page = client.post("/auth/login", data={"email": "ann@example.com", "password": "my secret"})
    assert "my secret" not in page.text


def test_an_account_without_a_password_cannot_be_logged_into(client, make_user):
    user = make_user("eve", password_hash=None)
    user.password_hash = None
    for password in ("", "None", "cat"):
        assert client.log_in(user, password=password).status_code == 200


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"email": ""}, "email", "This field is required."),
        ({"email": "   "}, "email", "This field is required."),
        ({"email": "no address"}, "email", "Invalid email address."),
        (
            {"email": "a" * 250 + "@example.com"},
            "email",
            "Field must be between 1 and 254 characters long.",
        ),
        ({"password": ""}, "password", "This field is required."),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_the_field(client, ann, fields, field, message):
    data = {"email": "ann@example.com", "password": "cat", **fields}
    response = client.post("/auth/login", data=data)
    assert response.status_code == 200
    assert message in Page.of(response).errors(field)


def test_next_is_followed_to_a_page_of_this_site(client, ann):
    response = client.post(
        "/auth/login?next=/user/ann%3Fpage=2", data={"email": ann.email, "password": "cat"}
    )
    assert response.location == "/user/ann?page=2"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", ""])
def test_next_elsewhere_leads_home(client, ann, target):
    form = {"email": ann.email, "password": "cat"}
    response = client.post("/auth/login", query_string={"next": target}, data=form)
    assert response.location == "/"


def test_next_to_an_address_that_only_takes_forms_leads_home(client, ann):
    form = {"email": ann.email, "password": "cat"}
    assert client.post("/auth/login?next=/all", data=form).location == "/"


def test_next_to_an_address_that_does_not_exist_is_followed_to_its_404(client, ann):
    form = {"email": ann.email, "password": "cat"}
    assert client.post("/auth/login?next=/nowhere", data=form).location == "/nowhere"


def test_next_to_an_address_that_redirects_is_followed(client, ann):
    form = {"email": ann.email, "password": "cat"}
    assert client.post("/auth/login?next=//", data=form).location == "/"
    assert client.post("/auth/login?next=/user//ann", data=form).location == "/user//ann"


def test_a_page_for_members_sends_strangers_to_the_log_in_and_back(client, ann):
    response = client.get("/edit-profile?tab=2&x=y")
    assert response.status_code == 302
    assert response.location == "/auth/login?next=%2Fedit-profile%3Ftab%3D2%26x%3Dy"
    assert Page.of(client.get(response.location)).flashes == ["Please log in to access this page."]
    back = client.post(response.location, data={"email": ann.email, "password": "cat"})
    assert back.location == "/edit-profile?tab=2&x=y"


def test_without_keep_me_logged_in_no_cookie_outlives_the_browser(client, ann):
    cookies = client.log_in(ann).headers.getlist("Set-Cookie")
    assert not [cookie for cookie in cookies if cookie.startswith("remember_me=")]
    (session,) = [cookie for cookie in cookies if cookie.startswith("session=")]
    assert "Max-Age" not in session
    assert "Expires" not in session


def test_keep_me_logged_in_sets_a_cookie_for_a_year(client, ann):
    client.log_in(ann, remember_me="y")
    cookie = client.get_cookie("remember_me")
    assert cookie.max_age == 365 * 24 * 3600
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_logging_out_ends_the_session_and_says_so(browser_of, ann):
    browser = browser_of(ann)
    response = browser.post("/auth/logout")
    assert (response.status_code, response.location) == (302, "/")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    page = Page.of(browser.get("/"))
    assert page.flashes == ["You have been logged out."]
    assert page.heading == "Hello, Stranger!"
    assert db.session.query(UserSession).count() == 0


def test_old_links_log_out_too(browser_of, ann):
    browser = browser_of(ann)
    assert browser.get("/auth/logout").location == "/"
    assert Page.of(browser.get("/")).flashes == ["You have been logged out."]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_cannot_log_out(client, method):
    response = getattr(client, method)("/auth/logout")
    assert response.location == "/auth/login?next=%2Fauth%2Flogout"


def test_after_being_sent_to_log_in_for_logging_out_one_stays_in(client, ann):
    form = {"email": ann.email, "password": "cat"}
    location = client.get("/auth/logout").location
    assert client.post(location, data=form).location == "/"


def test_who_is_signed_in_may_sign_in_as_somebody_else(browser_of, ann, bob):
    browser = browser_of(ann)
    assert browser.log_in(bob).status_code == 302
    assert Page.of(browser.get("/")).heading == "Hello, bob!"
    (left,) = db.session.query(UserSession).all()
    assert left.user_id == bob.id
