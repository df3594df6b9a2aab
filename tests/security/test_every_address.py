"""What holds for every address of the site, whoever asks."""

import pytest

from app import create_app
from app.extensions import db
from app.models import Comment, Follow, Post, User
from tests.security.site import SAFE, WRITES, addresses

_MAP = create_app("testing")
READ = addresses(_MAP, method="GET")
SENT = addresses(_MAP, method="POST")

ACTORS = ("stranger", "unconfirmed", "user", "author", "moderator", "administrator")

# contract: links in mails and the old address of logging out may act although they are read.
MAY_WRITE_ON_GET = {"auth.logout", "auth.confirm", "auth.change_email"}
# It asks the database, by deleting no row, whether it could write; and this one has no migrations.
ASKS_THE_DATABASE = {"ops.ready"}
# What a stranger must be able to send: signing in and up, a forgotten password, colours.
OPEN_TO_STRANGERS = {
    "auth.login",
    "auth.register",
    "auth.password_reset_request",
    "auth.password_reset",
    "main.appearance",
}


@pytest.fixture
def browser(request, world, client, browser_of, make_user, moderator, administrator):
    """The browser of the actor that the test is about."""
    people = {
        "unconfirmed": lambda: make_user("unconfirmed", confirmed=False),
        "user": lambda: make_user("somebody"),
        "author": lambda: db.session.get(User, world["user_id"]),
        "moderator": lambda: moderator,
        "administrator": lambda: administrator,
    }
    return client if request.param == "stranger" else browser_of(people[request.param]())


@pytest.mark.parametrize("browser", ACTORS, indirect=True)
def test_reading_writes_nothing_and_never_fails(browser, world, statements):
    for address in READ:
        if address.endpoint in MAY_WRITE_ON_GET | ASKS_THE_DATABASE:
            continue
        with statements() as seen:
            path = address.path(**world)
            answers = [browser.open(path, method=m, buffered=True) for m in ("GET", "HEAD")]
        assert [s for s in seen if s.lstrip().upper().startswith(WRITES)] == [], path
        assert all(answer.status_code < 500 for answer in answers), path


def test_the_exceptions_of_the_contract_are_all_there_are():
    views = _MAP.view_functions.items()
    marked = {name for name, view in views if getattr(view, "writes_on_get", False)}
    assert marked == MAY_WRITE_ON_GET


@pytest.mark.parametrize("browser", ACTORS, indirect=True)
def test_nothing_is_accepted_without_a_token(app, browser, world):
    before = _everything()
    app.config["WTF_CSRF_ENABLED"] = True
    for address in SENT:
        answer = browser.post(address.path(**world), data={"body": "x", "submit": "y"})
        assert answer.status_code in (400, 403), address.endpoint
    assert _everything() == before


def test_a_stranger_is_refused_wherever_something_is_sent(client, world):
    before = _everything()
    for address in SENT:
        if address.endpoint in OPEN_TO_STRANGERS:
            continue
        answer = client.post(address.path(**world), data={"body": "x", "submit": "y"})
        is_sent_to_sign_in = answer.status_code == 302 and answer.location.startswith(
            "/auth/login?next="
        )
        assert answer.status_code in (401, 403) or is_sent_to_sign_in, address.endpoint
    assert _everything() == before


# What each actor may send, besides what everybody who is signed in may: their own account,
# their own new posts and comments, whom they follow, and what their home page shows.
FOR_EVERYBODY = {
    "auth.change_email_request",
    "auth.change_password",
    "auth.delete_account",
    "auth.end_other_sessions",
    "auth.end_session",
    "auth.login",
    "auth.logout",
    "auth.register",
    "auth.resend_confirmation",
    "auth.revoke_token",
    "auth.tokens",
    "auth.password_reset",
    "auth.password_reset_request",
    "main.appearance",
    "main.edit_profile",
    "main.follow",
    "main.index",
    "main.post",
    "main.preview",
    "main.show_all",
    "main.show_followed",
    "main.unfollow",
}
MORE = {
    "user": set(),
    "author": {"main.edit", "main.delete_post", "main.delete_comment"},
    "moderator": {"main.moderate_enable", "main.moderate_disable", "main.delete_comment"},
    "administrator": {
        "main.edit",
        "main.delete_post",
        "main.delete_comment",
        "main.edit_profile_admin",
        "main.moderate_enable",
        "main.moderate_disable",
    },
}


def test_the_table_names_every_address_that_takes_something():
    assert {address.endpoint for address in SENT} == FOR_EVERYBODY | set.union(*MORE.values())


@pytest.mark.parametrize("browser", MORE, indirect=True)
def test_the_wrong_person_is_refused(request, browser, world):
    actor = request.node.callspec.params["browser"]
    refused = {address.endpoint for address in SENT} - FOR_EVERYBODY - MORE[actor]
    before = _everything()
    for address in SENT:
        if address.endpoint in refused:
            answer = browser.post(address.path(**world), data={"body": "x", "submit": "y"})
            assert answer.status_code == 403, address.endpoint
    assert _everything() == before


@pytest.mark.parametrize(
    ("browser", "endpoint"),
    [(actor, endpoint) for actor, endpoints in MORE.items() for endpoint in sorted(endpoints)],
    indirect=["browser"],
)
def test_the_right_person_is_let_through(browser, world, endpoint):
    (address,) = [address for address in SENT if address.endpoint == endpoint]
    answer = browser.post(address.path(**world), data={"body": "changed", "submit": "y"})
    assert answer.status_code in (200, 302)
    assert "/auth/login" not in (answer.location or "")


@pytest.mark.parametrize("browser", ["unconfirmed"], indirect=True)
def test_who_is_not_confirmed_gets_no_further_than_their_account(browser, world):
    parts_of_pages = {"main.stylesheet", "main.avatar", "main.picture", "main.appearance"}
    for address in [*READ, *SENT]:
        if address.endpoint == "static" or address.endpoint in parts_of_pages:
            continue
        if address.endpoint.startswith("main."):
            method = "GET" if "GET" in address.rule.methods else "POST"
            answer = browser.open(address.path(**world), method=method)
            assert answer.location == "/auth/unconfirmed", address.endpoint


def test_methods_that_nobody_listed_are_refused(client, world):
    for address in [*READ, *SENT]:
        for method in {"PUT", "PATCH", "DELETE", "TRACE"} - address.rule.methods - SAFE:
            assert client.open(address.path(**world), method=method).status_code in (400, 405)


def _everything() -> dict:
    """Return what must not change when something is refused."""
    return {
        "posts": [(p.id, p.body) for p in db.session.query(Post).order_by(Post.id)],
        "comments": [(c.id, c.body, c.disabled) for c in db.session.query(Comment)],
        "users": [
            (u.id, u.email, u.username, u.role_id, u.confirmed, u.password_hash, u.name)
            for u in db.session.query(User).order_by(User.id)
        ],
        "follows": db.session.query(Follow).count(),
    }
