"""What was typed survives a token that no longer fits and a session that ended (K11; issue 2)."""

import pytest
import time_machine

from app.extensions import db
from app.models import Comment, Post
from tests.web.page import Page, fields_of

TEXT = 'A long draft,\n\nwritten <b>slowly</b> & with "care".'


@pytest.fixture
def tokens(app):
    """Forms need their token, as they do outside tests."""
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def writer(app, browser_of, ann):
    """Ann at her keyboard, signed in; forms need their tokens from here on."""
    browser = browser_of(ann)
    app.config["WTF_CSRF_ENABLED"] = True
    return browser


def lose_session(user) -> None:
    user.end_sessions()
    db.session.commit()


def log_in_again(browser, page: Page, password="cat") -> Page:
    """Fill in the log-in form on `page`, which stands for "/" unless it says otherwise."""
    form = page.form("Log In")
    data = {**fields_of(form), "email": "ann@example.com", "password": password}
    response = browser.post(form.get("action") or "/auth/login?next=%2F", data=data)
    assert response.status_code == 200
    return Page.of(response)


# --- The session has ended --------------------------------------------------------------------


def test_a_post_written_after_the_session_ended_is_offered_again_after_the_log_in(writer, ann):
    form = fields_of(Page.of(writer.get("/")).form("Submit"))
    lose_session(ann)
    response = writer.post("/", data={**form, "body": TEXT})
    assert response.status_code in (400, 401)
    page = Page.of(response)
    assert page.heading == "Login"
    assert page.flashes == [
        "Your session had ended before this was sent. Nothing is lost: log in, and you can send it."
    ]
    resumed = log_in_again(writer, page)
    assert db.session.query(Post).count() == 0  # nothing is published without another click
    form = resumed.form("Send again")
    assert form["action"] == "/"
    assert fields_of(form)["body"] == TEXT
    assert writer.post(form["action"], data=fields_of(form)).status_code == 302
    (post,) = db.session.query(Post)
    assert (post.body, post.author_id) == (TEXT, ann.id)


def test_the_text_survives_a_wrong_password_on_the_way(writer, ann):
    form = fields_of(Page.of(writer.get("/")).form("Submit"))
    lose_session(ann)
    page = Page.of(writer.post("/", data={**form, "body": TEXT}))
    page = log_in_again(writer, page, password="dog")
    assert page.flashes[-1] == "Invalid email or password."
    resumed = log_in_again(writer, page)
    assert fields_of(resumed.form("Send again"))["body"] == TEXT


def test_a_comment_comes_back_to_its_post(writer, ann, make_post):
    post_id = make_post().id
    form = fields_of(Page.of(writer.get(f"/post/{post_id}")).form("Submit"))
    lose_session(ann)
    page = Page.of(writer.post(f"/post/{post_id}", data={**form, "body": "Well said"}))
    form = log_in_again(writer, page).form("Send again")
    response = writer.post(form["action"], data=fields_of(form))
    assert response.location == f"/post/{post_id}?page=-1"
    assert [comment.body for comment in db.session.query(Comment)] == ["Well said"]


def test_an_edited_profile_comes_back_with_all_its_fields(writer, ann):
    form = fields_of(Page.of(writer.get("/edit-profile")).form("Submit"))
    lose_session(ann)
    data = {**form, "name": "Ann", "location": "Rome", "about_me": "Me & you"}
    page = Page.of(writer.post("/edit-profile", data=data))
    form = log_in_again(writer, page).form("Send again")
    assert form["action"] == "/edit-profile"
    assert writer.post(form["action"], data=fields_of(form)).location == "/user/ann"
    assert (ann.name, ann.location, ann.about_me) == ("Ann", "Rome", "Me & you")


def test_without_tokens_too_a_session_that_ended_loses_no_text(browser_of, ann, make_post):
    post = make_post(author=ann)
    for path in ("/", f"/post/{post.id}", f"/edit/{post.id}", "/edit-profile"):
        browser = browser_of(ann)
        lose_session(ann)
        response = browser.post(path, data={"body": TEXT, "about_me": TEXT})
        assert response.status_code == 401, path
        assert TEXT in fields_of(Page.of(response).form("Log In")).values(), path


def test_with_the_session_cookie_gone_as_well_the_text_survives(writer, ann):
    form = fields_of(Page.of(writer.get("/")).form("Submit"))
    writer.delete_cookie("session")
    response = writer.post("/", data={**form, "body": TEXT})
    assert response.status_code == 400
    resumed = log_in_again(writer, Page.of(response))
    assert fields_of(resumed.form("Send again"))["body"] == TEXT


def test_a_form_without_text_just_leads_to_the_log_in(browser_of, ann, bob):
    browser = browser_of(ann)
    lose_session(ann)
    assert browser.post("/follow/bob").location == "/auth/login?next=%2Ffollow%2Fbob"
    assert browser.post("/edit-profile", data={"name": " "}).status_code == 302


def test_a_stranger_who_never_was_signed_in_is_refused_as_ever(client):
    assert client.post("/", data={"body": TEXT}).status_code == 403


# --- The token no longer fits -----------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "stale", "é"])
def test_a_stale_token_loses_no_text(writer, token):
    data = {"body": TEXT} if token is None else {"body": TEXT, "csrf_token": token}
    response = writer.post("/", data=data)
    assert response.status_code == 400
    page = Page.of(response)
    assert page.flashes == [
        "This page had been open for too long. Please look at it and send it again."
    ]
    assert db.session.query(Post).count() == 0
    form = page.form("Send again")
    assert writer.post(form["action"], data=fields_of(form)).location == "/"
    assert [post.body for post in db.session.query(Post)] == [TEXT]


def test_a_token_of_another_session_is_stale(app, writer, browser_of, bob):
    app.config["WTF_CSRF_ENABLED"] = False
    other = browser_of(bob)
    app.config["WTF_CSRF_ENABLED"] = True
    token = fields_of(Page.of(other.get("/")).form("Submit"))["csrf_token"]
    assert writer.post("/", data={"body": TEXT, "csrf_token": token}).status_code == 400


def test_a_token_from_before_the_log_in_is_stale_afterwards(app, client, ann, tokens):
    token = fields_of(Page.of(client.get("/auth/login")).form("Log In"))["csrf_token"]
    client.log_in(ann, csrf_token=token)
    assert client.post("/", data={"body": TEXT, "csrf_token": token}).status_code == 400


def test_a_token_does_not_grow_stale_by_time_alone(app, browser_of, ann):
    with time_machine.travel("2030-01-01", tick=False) as clock:
        writer = browser_of(ann)
        app.config["WTF_CSRF_ENABLED"] = True
        form = fields_of(Page.of(writer.get("/")).form("Submit"))
        clock.shift(7 * 24 * 3600)
        assert writer.post("/", data={**form, "body": TEXT}).status_code == 302


def test_somebody_who_is_remembered_need_not_even_log_in_again(app, browser_of, ann):
    writer = browser_of(ann, remember_me="y")
    app.config["WTF_CSRF_ENABLED"] = True
    form = fields_of(Page.of(writer.get("/")).form("Submit"))
    writer.delete_cookie("session")
    response = writer.post("/", data={**form, "body": TEXT})
    assert response.status_code == 400
    form = Page.of(response).form("Send again")
    assert writer.post(form["action"], data=fields_of(form)).location == "/"
    assert [post.body for post in db.session.query(Post)] == [TEXT]


def test_a_stale_form_without_text_says_what_to_do(writer, bob):
    response = writer.post("/follow/bob")
    assert response.status_code == 400
    assert Page.of(response).heading == "Bad Request"
    assert "The CSRF token is missing." in response.text


def test_a_stale_log_in_form_is_no_text_to_keep(client, ann, tokens):
    response = client.log_in(ann)
    assert response.status_code == 400
    assert ann.email not in response.text
    assert "cat" not in [field.get("value") for field in Page.of(response).all("input")]


# --- What is never carried along --------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/auth/change-password", {"old_password": "cat", "password": "s3cret!", "password2": "x"}),
        ("/auth/change_email", {"email": "new@example.com", "password": "s3cret!"}),
        ("/auth/delete-account", {"password": "s3cret!"}),
    ],
)
def test_a_password_is_never_carried_along(app, writer, ann, path, fields):
    stale = writer.post(path, data=fields)
    app.config["WTF_CSRF_ENABLED"] = False
    lose_session(ann)
    ended = writer.post(path, data=fields)
    assert stale.status_code == 400
    for response in (stale, ended):
        assert "s3cret!" not in response.text


def test_a_page_of_another_site_cannot_plant_its_text(app, client, tokens):
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        response = client.post("/edit-profile/1", data={"name": TEXT}, headers=headers)
        assert response.status_code in (400, 403)
        assert "slowly" not in response.text
        assert "kept-" not in response.text


def test_text_that_was_carried_along_goes_nowhere_but_to_this_site(client, ann):
    form = {"email": ann.email, "password": "cat", "kept-body": TEXT}
    for target in ("https://evil.example/", "//evil.example/"):
        response = client.post("/auth/login", query_string={"next": target}, data=form)
        assert response.location == "/"


def test_the_kept_text_keeps_its_line_breaks(client, ann):
    page = client.post("/auth/login?next=/", data={"email": "x", "kept-body": "\n\none\n two "})
    page = Page.of(page)
    assert page.first("input", name="kept-body")["value"] == "\n\none\n two "
    data = {**fields_of(page.form("Log In")), "email": ann.email, "password": "cat"}
    resumed = Page.of(client.post("/auth/login?next=/", data=data))
    assert resumed.first("textarea", name="body").raw_text == "\n\n\none\n two "
