"""What a session is worth, and when it ends (contract K16, K18; security.md 20 to 24)."""

import pytest
import time_machine
from flask_login import current_user, encode_cookie, login_user

from app.auth.signing_in import renew_session, sign_out
from app.extensions import db
from app.jobs.presence import write_down
from app.models import Role, UserSession
from tests.web.page import Page

HOUR, DAY = 3600, 24 * 3600
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def is_signed_in(browser) -> bool:
    return Page.of(browser.get("/")).heading != "Hello, Stranger!"


def copy_of(browser, *names):
    """Return a browser with the cookies of `browser`, as a thief would have it."""
    copy = browser.application.test_client()
    for name in names or ("session", "remember_me", "device"):
        cookie = browser.get_cookie(name)
        if cookie is not None:
            copy.set_cookie(name, cookie.value)
    return copy


@pytest.fixture
def clock():
    with time_machine.travel("2030-01-01", tick=False) as traveller:
        yield traveller


# --- A key that is new and secret -------------------------------------------------------------


def test_a_session_that_was_there_before_the_log_in_is_not_taken_over(app, client, ann):
    app.config["WTF_CSRF_ENABLED"] = True
    token = Page.of(client.get("/auth/login")).first("input", name="csrf_token")["value"]
    planted = client.get_cookie("session").value
    client.log_in(ann, csrf_token=token)
    assert client.get_cookie("session").value != planted
    victim = app.test_client()
    victim.set_cookie("session", planted)
    assert not is_signed_in(victim)
    with client.session_transaction() as session:
        assert "csrf_token" not in session or session["csrf_token"] not in planted


def test_every_log_in_has_a_key_of_its_own(client, ann):
    keys = set()
    for _ in range(3):
        client.log_in(ann)
        with client.session_transaction() as session:
            keys.add(session["_user_id"])
    assert len(keys) == 3
    assert all(len(key) >= 43 for key in keys)  # 256 bits


def test_the_database_holds_no_key_that_opens_a_session(browser_of, ann):
    browser = browser_of(ann, remember_me="y")
    with browser.session_transaction() as session:
        key = session["_user_id"]
    (row,) = db.session.query(UserSession)
    assert key not in {row.key_hash, row.remember_hash}
    thief = browser.application.test_client()
    with thief.session_transaction() as session:
        session["_user_id"] = row.key_hash
    assert not is_signed_in(thief)


def test_the_id_of_a_user_is_no_key(client, ann):
    for user_id in (str(ann.id), ann.id):
        with client.session_transaction() as session:
            session["_user_id"] = user_id
            session["_fresh"] = True
        assert not is_signed_in(client)


def test_logging_in_again_ends_the_session_before(browser_of, ann):
    browser = browser_of(ann)
    copy = copy_of(browser)
    browser.log_in(ann)
    assert is_signed_in(browser)
    assert not is_signed_in(copy)


# --- Saved cookies are worthless afterwards ---------------------------------------------------


@pytest.mark.parametrize("remember", [{}, {"remember_me": "y"}])
def test_cookies_that_were_saved_are_worthless_after_the_log_out(browser_of, ann, remember):
    browser = browser_of(ann, **remember)
    copies = [copy_of(browser), copy_of(browser, "remember_me"), copy_of(browser, "session")]
    browser.post("/auth/logout")
    assert not is_signed_in(browser)
    assert [is_signed_in(copy) for copy in copies] == [False] * 3
    assert copies[0].get("/edit-profile").status_code == 302


def test_logging_out_leaves_the_other_devices_alone(browser_of, ann):
    here, there = browser_of(ann), browser_of(ann)
    here.post("/auth/logout")
    assert is_signed_in(there)


def test_a_changed_password_ends_all_sessions_but_this_one(browser_of, ann):
    here, there, remembered = browser_of(ann), browser_of(ann), browser_of(ann, remember_me="y")
    change = {"old_password": "cat", "password": "dog", "password2": "dog"}
    here.post("/auth/change-password", data=change)
    assert [is_signed_in(browser) for browser in (here, there, remembered)] == [True, False, False]


def test_a_changed_password_makes_copies_of_this_sessions_cookies_worthless(browser_of, ann):
    browser = browser_of(ann, remember_me="y")
    copies = [copy_of(browser, "session"), copy_of(browser, "remember_me")]
    change = {"old_password": "cat", "password": "dog", "password2": "dog"}
    browser.post("/auth/change-password", data=change)
    assert [is_signed_in(copy) for copy in copies] == [False, False]


def test_the_owner_stays_remembered_after_changing_the_password(browser_of, ann):
    browser = browser_of(ann, remember_me="y")
    change = {"old_password": "cat", "password": "dog", "password2": "dog"}
    browser.post("/auth/change-password", data=change)
    browser.delete_cookie("session")
    assert is_signed_in(browser)


def test_a_lowered_role_ends_the_sessions(browser_of, administrator, make_user):
    moderator = make_user("carl", role="Moderator")
    browser = browser_of(moderator)
    data = {
        "email": moderator.email,
        "username": "carl",
        "confirmed": "y",
        "role": Role.named("User").id,
    }
    response = browser_of(administrator).post(f"/edit-profile/{moderator.id}", data=data)
    assert response.status_code == 302
    assert not is_signed_in(browser)


# --- Idle and absolute ends -------------------------------------------------------------------


def test_a_session_ends_after_fourteen_days_without_use(browser_of, ann, clock):
    browser = browser_of(ann)
    clock.shift(14 * DAY - 1)
    assert is_signed_in(browser)
    clock.shift(2)
    assert not is_signed_in(browser)


def test_using_a_session_keeps_it_alive_but_not_beyond_ninety_days(browser_of, ann, clock):
    browser = browser_of(ann)
    for _ in range(8):
        clock.shift(11 * DAY)
        assert is_signed_in(browser)
        write_down()
    clock.shift(2 * DAY - 1)
    assert is_signed_in(browser)
    clock.shift(2)
    assert not is_signed_in(browser)


@pytest.mark.parametrize("role", ["Moderator", "Administrator"])
def test_staff_sign_in_again_after_half_a_day_unused_and_after_a_day(
    browser_of, make_user, clock, role
):
    user = make_user(role=role)
    idle, busy = browser_of(user), browser_of(user)
    for _ in range(2):
        clock.shift(12 * HOUR - 1)
        assert is_signed_in(busy)
        write_down()
    clock.shift(1)
    assert not is_signed_in(idle)
    assert is_signed_in(busy)
    clock.shift(2)
    assert not is_signed_in(busy)


# --- The page of one's own sessions -----------------------------------------------------------


def test_the_page_lists_where_somebody_is_signed_in(app, client, ann):
    elsewhere = app.test_client()
    elsewhere.post(
        "/auth/login",
        data={"email": ann.email, "password": "cat", "remember_me": "y"},
        headers=FIREFOX,
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )
    client.log_in(ann)
    page = Page.of(client.get("/auth/sessions"))
    assert page.title == "Flasky - Your Sessions"
    here, there = page.all("li", class_="session")
    assert "this one" in here.text
    assert "Firefox on Linux" in there.text
    assert "192.0.2.7" in there.text
    assert "kept logged in" in there.text
    assert "this one" not in there.text


def test_each_session_can_be_ended(browser_of, ann):
    here, there, third = browser_of(ann), browser_of(ann), browser_of(ann)
    page = Page.of(here.get("/auth/sessions"))
    action = page.form("End session")["action"]
    response = here.post(action)
    assert (response.status_code, response.location) == (302, "/auth/sessions")
    assert Page.of(here.get("/auth/sessions")).flashes == ["That session has ended."]
    assert sorted([is_signed_in(there), is_signed_in(third)]) == [False, True]
    assert is_signed_in(here)
    here.post(action)
    assert Page.of(here.get("/auth/sessions")).flashes == ["That session had ended already."]


def test_all_others_can_be_ended_at_once(browser_of, ann, bob):
    here, there, stranger = browser_of(ann), browser_of(ann, remember_me="y"), browser_of(bob)
    assert here.post("/auth/sessions/end-others").location == "/auth/sessions"
    assert Page.of(here.get("/auth/sessions")).flashes == ["All your other sessions have ended."]
    assert [is_signed_in(browser) for browser in (here, there, stranger)] == [True, False, True]


def test_nobody_ends_the_session_of_somebody_else(browser_of, ann, bob):
    browser = browser_of(ann)
    (session,) = db.session.query(UserSession)
    browser_of(bob).post(f"/auth/sessions/{session.id}/end")
    assert is_signed_in(browser)


def test_ones_own_session_can_be_ended_like_any_other(browser_of, ann):
    browser = browser_of(ann)
    (session,) = db.session.query(UserSession)
    browser.post(f"/auth/sessions/{session.id}/end")
    assert not is_signed_in(browser)


def test_the_ten_newest_sessions_are_kept(browser_of, ann, bob, clock):
    others = browser_of(bob)
    browsers = []
    for _ in range(12):
        clock.shift(1)
        browsers.append(browser_of(ann))
    assert [is_signed_in(browser) for browser in browsers] == [False] * 2 + [True] * 10
    assert is_signed_in(others)


# --- Cookies that were tampered with ----------------------------------------------------------


def variations(value: str):
    yield from ("", "x", "é", "a.b.c", "..", "null", "\x01", value[:-1], value[1:], value + "x")
    yield value.swapcase()
    yield "1|é"  # as Flask-Login separates the two halves of its own
    yield value.replace(".", "", 1)
    head, _, tail = value.rpartition(".")
    yield f"{head}.{tail[::-1]}"


@pytest.mark.parametrize("name", ["session", "remember_me"])
def test_a_cookie_that_was_tampered_with_is_nobodys(app, browser_of, ann, name):
    value = browser_of(ann, remember_me="y").get_cookie(name).value
    for other in variations(value):
        browser = app.test_client()
        browser.set_cookie(name, other)
        response = browser.get("/")
        assert response.status_code == 200
        assert Page.of(response).heading == "Hello, Stranger!"
        assert browser.get("/edit-profile").status_code == 302


@pytest.mark.parametrize("cookie", ["remember_token", "device", "theme", "show_followed"])
def test_no_value_of_another_cookie_breaks_a_page(browser_of, ann, cookie):
    browser = browser_of(ann)
    for value in variations("abc.def"):
        browser.set_cookie(cookie, value)
        assert browser.get("/edit-profile").status_code == 200


def test_a_device_cookie_that_was_tampered_with_is_no_device(app, client, ann):
    app.config["RATELIMIT_ENABLED"] = True
    client.log_in(ann)
    for value in variations(client.get_cookie("device").value):
        client.set_cookie("device", value)
        assert client.log_in(ann).status_code == 302
        assert client.get_cookie("device").value != value


def test_the_remember_me_cookie_of_flask_login_opens_nothing(client, ann):
    for value in (str(ann.id), ann.username):
        client.set_cookie("remember_token", encode_cookie(value))
        assert not is_signed_in(client)


def test_a_session_with_a_foreign_signature_is_nobodys(app, client, browser_of, ann):
    browser = browser_of(ann)
    with browser.session_transaction() as session:
        contents = dict(session)
    app_key, app.secret_key = app.secret_key, "the key of somebody else"
    with client.session_transaction() as session:
        session.update(contents)
    app.secret_key = app_key
    assert not is_signed_in(client)


def test_somebody_whom_code_signed_in_without_a_session_can_be_signed_out(app, ann):
    with app.test_request_context():
        login_user(ann)
        renew_session(ann)
        sign_out(ann)
        assert not current_user.is_authenticated


# --- No cookie for who only reads -------------------------------------------------------------


def test_a_stranger_who_reads_gets_no_cookie(client, make_comment):
    comment = make_comment()
    name = comment.author.username
    for path in (
        "/",
        "/?page=7",
        f"/post/{comment.post_id}",
        f"/user/{name}",
        f"/followers/{name}",
        f"/followed_by/{name}",
        f"/avatar/{name}.svg",
        "/site.css",
        "/static/favicon.svg",
        "/nowhere",
    ):
        with client.get(path) as response:
            assert "Set-Cookie" not in response.headers, path
