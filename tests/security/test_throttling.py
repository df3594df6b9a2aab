"""Who tries too often has to wait (contract K7; security.md 7 to 10)."""

import re

import pytest
import time_machine

from app.extensions import db
from app.lib import passwords
from app.models import Post, RateLimit, User
from tests.web.page import Page

WRONG = "not the password"
HERE, ELSEWHERE = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "198.51.100.1"}


@pytest.fixture(autouse=True)
def limits(app):
    app.config["RATELIMIT_ENABLED"] = True


@pytest.fixture
def clock():
    with time_machine.travel("2030-01-01", tick=False) as traveller:
        yield traveller


def try_log_in(client, email="ann@example.com", password=WRONG, place=HERE) -> int:
    form = {"email": email, "password": password}
    return client.post("/auth/login", data=form, environ_base=place).status_code


def test_the_eleventh_try_within_five_minutes_is_refused_with_a_word_on_when_to_return(
    client, ann, clock
):
    assert [try_log_in(client) for _ in range(10)] == [200] * 10
    clock.shift(60.5)
    response = client.post(
        "/auth/login", data={"email": ann.email, "password": "cat"}, environ_base=HERE
    )
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "240"
    page = Page.of(response)
    assert (page.title, page.heading) == ("Flasky - Too Many Requests", "Too Many Requests")
    assert "4 minutes" in page.text
    clock.shift(241)
    assert try_log_in(client, password="cat") == 302


def test_a_program_reads_the_refusal_as_json(client, ann):
    for _ in range(10):
        try_log_in(client)
    form = {"email": ann.email, "password": WRONG}
    response = client.post("/auth/login", data=form, headers={"Accept": "application/json"})
    assert response.status_code == 200  # another place, so another count
    response = client.post(
        "/auth/login", data=form, headers={"Accept": "application/json"}, environ_base=HERE
    )
    assert response.status_code == 429
    assert response.json == {"error": "too many requests"}
    assert int(response.headers["Retry-After"]) > 0


def test_a_try_that_was_refused_costs_no_hashing_and_does_not_prolong_the_wait(
    client, ann, clock, monkeypatch
):
    for _ in range(10):
        try_log_in(client)
    monkeypatch.setattr(passwords, "verify", None)  # whoever hashes now fails
    for _ in range(5):
        clock.shift(50)
        assert try_log_in(client) == 429
    monkeypatch.undo()
    clock.shift(51)
    assert try_log_in(client, password="cat") == 302


def test_an_address_without_an_account_is_counted_alike(client):
    assert [try_log_in(client, email="nobody@example.com") for _ in range(11)][-1] == 429


def test_the_way_an_address_is_written_does_not_give_more_tries(client, ann):
    emails = ["ann@example.com", "ANN@example.com", " Ann@Example.com "] * 4
    assert [try_log_in(client, email=email) for email in emails][10] == 429


def test_the_right_password_costs_no_try(client, ann):
    for _ in range(15):
        assert try_log_in(client, password="cat") == 302
        client.delete_cookie("device")  # else it would have a count of its own
    assert [try_log_in(client) for _ in range(10)] == [200] * 10
    assert try_log_in(client) == 429


def test_one_client_cannot_try_many_accounts(client, make_user):
    users = [make_user() for _ in range(6)]
    tries = [try_log_in(client, email=users[number % 6].email) for number in range(26)]
    assert tries == [200] * 25 + [429]
    assert try_log_in(client, email=users[0].email, password="cat") == 429
    assert try_log_in(client, email=users[0].email, password="cat", place=ELSEWHERE) == 302


def test_a_household_of_ipv6_addresses_is_one_client(client, ann):
    places = [{"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"} for number in range(11)]
    assert [try_log_in(client, place=place) for place in places][-1] == 429
    assert try_log_in(client, place={"REMOTE_ADDR": "2001:db8:1:3::1"}) == 200


def test_the_whole_site_has_a_limit_too(app, client, make_user):
    app.config["FLASKY_LIMIT_LOGIN_SITE"] = "3 per 5 minutes"
    users = [make_user() for _ in range(4)]
    places = [{"REMOTE_ADDR": f"192.0.2.{number}"} for number in range(4)]
    tries = [
        try_log_in(client, email=user.email, place=place)
        for user, place in zip(users, places, strict=True)
    ]
    assert tries == [200, 200, 200, 429]


def test_without_a_proxy_nobody_changes_their_address_by_a_header(client, ann):
    tries = [
        client.post(
            "/auth/login",
            data={"email": ann.email, "password": WRONG},
            headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": "203.0.113.9"},
            environ_base=HERE,
        ).status_code
        for number in range(11)
    ]
    assert tries[-1] == 429


# --- Every way to try a password --------------------------------------------------------------

WAYS = {
    "/auth/login": {"email": "ann@example.com", "password": WRONG},
    "/auth/change-password": {"old_password": WRONG, "password": "x", "password2": "x"},
    "/auth/change_email": {"email": "new@example.com", "password": WRONG},
    "/auth/delete-account": {"password": WRONG},
    "/auth/tokens": {"name": "x", "scopes": "read", "days": "30", "password": WRONG},
}


@pytest.mark.parametrize("is_known_device", [True, False])
def test_every_way_to_try_a_password_adds_to_one_count(browser_of, ann, is_known_device):
    browser = browser_of(ann)
    if not is_known_device:
        browser.delete_cookie("device")
    ways = list(WAYS.items()) * 3
    tries = [browser.post(path, data=form).status_code for path, form in ways[:11]]
    assert tries == [200] * 10 + [429]
    assert [browser.post(path, data=form).status_code for path, form in WAYS.items()] == [429] * 5


def test_programs_try_passwords_on_the_same_count(client, ann):
    def ask():
        auth = (ann.email, WRONG)
        return client.get("/api/v1/posts/", auth=auth, environ_base=HERE).status_code

    assert [ask() for _ in range(5)] == [401] * 5
    assert [try_log_in(client) for _ in range(6)] == [200] * 5 + [429]
    assert ask() == 429


def test_the_right_password_on_any_way_costs_no_try(browser_of, ann):
    browser = browser_of(ann)
    for _ in range(12):
        data = {"old_password": "cat", "password": "cat", "password2": "cat"}
        assert browser.post("/auth/change-password", data=data).status_code == 302


# --- A lock-out is no weapon ------------------------------------------------------------------


def test_the_owner_gets_in_with_a_known_device_while_others_attack(app, browser_of, ann):
    owner = browser_of(ann)
    owner.post("/auth/logout")
    attacker = app.test_client()
    for place in (HERE, ELSEWHERE):
        for _ in range(10):
            try_log_in(attacker, place=place)
        assert try_log_in(attacker, place=place) == 429
    assert try_log_in(owner, password="cat", place=HERE) == 302


def test_even_while_the_whole_site_is_under_attack(app, browser_of, ann):
    owner = browser_of(ann)
    owner.post("/auth/logout")
    app.config["FLASKY_LIMIT_LOGIN_SITE"] = "1 per 5 minutes"
    attacker = app.test_client()
    assert [try_log_in(attacker), try_log_in(attacker)] == [200, 429]
    assert try_log_in(owner, password="cat") == 302


def test_a_known_device_has_its_own_limit(browser_of, ann):
    thief = browser_of(ann)
    thief.post("/auth/logout")
    assert [try_log_in(thief) for _ in range(11)] == [200] * 10 + [429]


def test_the_device_of_one_person_opens_no_door_to_another(app, browser_of, ann, bob):
    attacker = app.test_client()
    for _ in range(10):
        try_log_in(attacker)
    assert try_log_in(browser_of(bob)) == 429


def test_the_owner_gets_in_by_a_new_password_while_others_attack(app, ann, link_of_reset):
    attacker, owner = app.test_client(), app.test_client()
    for _ in range(11):
        try_log_in(attacker)
    link = link_of_reset(owner, ann)
    assert owner.post(link, data={"password": "dog", "password2": "dog"}).status_code == 302
    assert try_log_in(owner, password="dog", place=ELSEWHERE) == 302


@pytest.fixture
def link_of_reset(outbox):
    def ask(client, user):
        client.post("/auth/reset", data={"email": user.email})
        (mail,) = outbox
        return "/auth/reset/" + mail.body.split("/auth/reset/")[1].split()[0]

    return ask


# --- Mails and accounts -----------------------------------------------------------------------


@pytest.mark.parametrize("email", ["ann@example.com", "nobody@example.com"])
def test_five_resets_a_day_can_be_asked_for_an_address(client, ann, outbox, clock, email):
    def ask(address=email):
        return client.post("/auth/reset", data={"email": address}).status_code

    assert [ask(), ask(email.upper()), ask(email.title()), ask(), ask(), ask()] == [302] * 5 + [429]
    assert len(outbox) == (5 if email == ann.email else 0)
    clock.shift(24 * 3600 + 1)
    assert ask() == 302


def test_one_client_asks_for_twenty_resets_an_hour(client, outbox, clock):
    def ask(number):
        email = f"somebody{number}@example.com"
        return client.post("/auth/reset", data={"email": email}).status_code

    assert [ask(number) for number in range(21)] == [302] * 20 + [429]
    clock.shift(3601)
    assert ask(21) == 302


def test_three_confirmations_in_six_hours_can_be_asked_for(browser_of, make_user, outbox, clock):
    browser = browser_of(make_user(confirmed=False))

    def ask():
        return browser.post("/auth/confirm").status_code

    assert [ask() for _ in range(4)] == [302] * 3 + [429]
    assert len(outbox) == 3
    clock.shift(6 * 3600 + 1)
    assert ask() == 302


def test_an_address_can_be_changed_five_times_an_hour(browser_of, ann, outbox, clock):
    browser = browser_of(ann)

    def ask():
        form = {"email": "new@example.com", "password": "cat"}
        return browser.post("/auth/change_email", data=form).status_code

    assert [ask() for _ in range(6)] == [302] * 5 + [429]
    assert len(outbox) == 5
    clock.shift(3601)
    assert ask() == 302


def test_one_client_opens_five_accounts_in_half_an_hour(client, outbox, clock):
    def register(number, place=HERE):
        form = {"username": f"new{number}", "email": f"new{number}@example.com"}
        form |= {"password": "cat", "password2": "cat"}
        return client.post("/auth/register", data=form, environ_base=place).status_code

    assert [register(number) for number in range(6)] == [302] * 5 + [429]
    assert db.session.query(User).count() == 5
    assert register(6, place=ELSEWHERE) == 302
    clock.shift(30 * 60 + 1)
    assert register(7) == 302


def test_a_form_that_failed_opens_no_account_and_costs_no_try(client, ann):
    form = {"username": "ann", "email": "a@example.com", "password": "cat", "password2": "cat"}
    for _ in range(8):
        assert client.post("/auth/register", data=form).status_code == 200


# --- Writing ----------------------------------------------------------------------------------


def test_thirty_texts_in_five_minutes_can_be_published(browser_of, ann, bob, make_post, clock):
    post_id = make_post(author=bob).id
    browser = browser_of(ann)
    paths = ["/", f"/post/{post_id}"] * 15
    assert [browser.post(path, data={"body": "x"}).status_code for path in paths] == [302] * 30
    refused = browser.post("/", data={"body": "The one too many"})
    assert refused.status_code == 429
    assert Page.of(refused).first("textarea").text == "The one too many"
    assert db.session.query(Post).count() == 16
    assert browser_of(bob).post("/", data={"body": "x"}).status_code == 302
    clock.shift(301)
    assert browser.post("/", data={"body": "x"}).status_code == 302


def test_edits_and_previews_have_their_limits(app, browser_of, ann, make_post):
    app.config.update(FLASKY_LIMIT_WRITE="2 per minute", FLASKY_LIMIT_PREVIEW="2 per minute")
    post_id = make_post(author=ann).id
    browser = browser_of(ann)
    for path in (f"/edit/{post_id}", "/preview"):
        codes = [browser.post(path, data={"body": str(number)}).status_code for number in range(3)]
        assert codes[2] == 429
        assert 429 not in codes[:2]


# --- Where the counts are ---------------------------------------------------------------------


def test_all_processes_share_the_counts_and_a_restart_keeps_them(app_with, shared_database):
    settings = {
        "SQLALCHEMY_DATABASE_URI": shared_database,
        "RATELIMIT_ENABLED": True,
    }
    first = app_with(**settings)
    db.session.add(User(email="ann@example.com", username="ann", password="cat", confirmed=True))
    db.session.commit()
    assert [try_log_in(first.test_client()) for _ in range(6)] == [200] * 6
    second = app_with(**settings)
    assert [try_log_in(second.test_client()) for _ in range(5)] == [200] * 4 + [429]


def test_the_table_of_counts_names_nobody(client, ann):
    try_log_in(client)
    keys = [row.key for row in db.session.query(RateLimit)]
    assert len(keys) == 3
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in keys)  # digests
