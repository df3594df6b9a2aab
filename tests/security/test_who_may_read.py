"""Which page is shown to whom: every address that can be read, and every kind of reader (30)."""

import pytest

from app import create_app
from app.extensions import db
from app.models import User
from tests.security.site import addresses

# Whether the database is ready depends on the database, not on who asks: tests/ops/.
READ = [
    address
    for address in addresses(create_app("testing"), method="GET")
    if address.endpoint != "ops.ready"
]
ACTORS = ("stranger", "unconfirmed", "user", "author", "moderator", "administrator")

OK = "200"
LOG_IN = "to the log-in"
CONFIRM = "to the page for the unconfirmed"
HOME = "to the home page"
NO = "403"

FOR_ALL = (OK, CONFIRM, OK, OK, OK, OK)
PART_OF_A_PAGE = (OK,) * 6
FOR_MEMBERS = (LOG_IN, CONFIRM, OK, OK, OK, OK)
FOR_ACCOUNTS = (LOG_IN, OK, OK, OK, OK, OK)

# The author is whose the post, the comment and the profile are that the addresses name.
TABLE = {
    "static": PART_OF_A_PAGE,
    "main.avatar": PART_OF_A_PAGE,
    "main.picture": ("404",) * 6,  # nobody here uploaded one; tests/main/test_pictures.py did
    "main.stylesheet": PART_OF_A_PAGE,
    "main.appearance": PART_OF_A_PAGE,
    "main.index": FOR_ALL,
    "main.user": FOR_ALL,
    "main.post": FOR_ALL,
    "main.followers": FOR_ALL,
    "main.followed_by": FOR_ALL,
    "main.edit_profile": FOR_MEMBERS,
    "main.edit": (LOG_IN, CONFIRM, NO, OK, NO, OK),
    "main.delete_post": (LOG_IN, CONFIRM, NO, OK, NO, OK),
    "main.delete_comment": (LOG_IN, CONFIRM, NO, OK, OK, OK),
    "main.moderate": (LOG_IN, CONFIRM, NO, NO, OK, OK),
    "main.edit_profile_admin": (LOG_IN, CONFIRM, NO, NO, NO, OK),
    "auth.login": PART_OF_A_PAGE,
    "auth.register": PART_OF_A_PAGE,
    "auth.unconfirmed": (HOME, OK, HOME, HOME, HOME, HOME),
    "auth.password_reset_request": (OK, HOME, HOME, HOME, HOME, HOME),
    "auth.password_reset": ("to /auth/reset", HOME, HOME, HOME, HOME, HOME),
    "auth.confirm": (LOG_IN, HOME, HOME, HOME, HOME, HOME),
    "auth.change_email": (LOG_IN, HOME, HOME, HOME, HOME, HOME),
    "auth.change_email_request": FOR_ACCOUNTS,
    "auth.change_password": FOR_ACCOUNTS,
    "auth.delete_account": FOR_ACCOUNTS,
    "auth.sessions": FOR_ACCOUNTS,
    "auth.tokens": FOR_ACCOUNTS,
    "ops.live": PART_OF_A_PAGE,
    "ops.metrics": PART_OF_A_PAGE,  # for people on this machine, as the tests are
    "auth.logout": (LOG_IN, HOME, HOME, HOME, HOME, HOME),
}


def test_the_table_names_every_address_that_can_be_read():
    assert set(TABLE) == {address.endpoint for address in READ}


@pytest.fixture
def reader(request, world, client, browser_of, make_user, moderator, administrator):
    people = {
        "unconfirmed": lambda: make_user("unconfirmed", confirmed=False),
        "user": lambda: make_user("somebody"),
        "author": lambda: db.session.get(User, world["user_id"]),
        "moderator": lambda: moderator,
        "administrator": lambda: administrator,
    }
    return client if request.param == "stranger" else browser_of(people[request.param]())


def outcome(response) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    location = response.location
    if location.startswith("/auth/login?next="):
        return LOG_IN
    return {"/": HOME, "/auth/unconfirmed": CONFIRM}.get(location, f"to {location}")


@pytest.mark.parametrize("reader", ACTORS, indirect=True)
def test_every_reader_sees_what_the_table_says(request, reader, world):
    column = ACTORS.index(request.node.callspec.params["reader"])
    found = {}
    # Logging out comes last: nobody is signed in afterwards.
    for address in sorted(READ, key=lambda address: address.endpoint == "auth.logout"):
        for method in ("HEAD", "GET"):
            with reader.open(address.path(**world), method=method) as response:
                found[address.endpoint] = outcome(response)
            if address.endpoint == "auth.logout":
                break
    assert found == {endpoint: row[column] for endpoint, row in TABLE.items()}


@pytest.mark.parametrize("reader", ACTORS, indirect=True)
def test_a_record_that_does_not_exist_is_not_found_rather_than_forbidden(reader, request, world):
    actor = request.node.callspec.params["reader"]
    for path in ("/post/999", "/user/nobody"):
        expected = "404" if actor != "unconfirmed" else CONFIRM
        assert outcome(reader.get(path)) == expected, path
    for path in ("/edit/999", "/post/999/delete", "/comment/999/delete"):
        expected = {"stranger": LOG_IN, "unconfirmed": CONFIRM}.get(actor, "404")
        assert outcome(reader.get(path)) == expected, path
    assert outcome(reader.get("/nowhere")) == "404"
