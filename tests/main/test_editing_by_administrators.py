"""An administrator edits somebody's account (contract C, main; K6, K17)."""

import hashlib

import pytest

from app.extensions import db
from app.models import Role, User
from tests.web.page import Page, fields_of


@pytest.fixture
def form_of_john(john):
    return {
        "email": "john@example.com",
        "username": "John",
        "confirmed": "y",
        "role": str(john.role_id),
        "name": "John Doe",
        "location": "Rome",
        "about_me": "",
    }


@pytest.fixture
def edit(browser_of, administrator, john, form_of_john):
    """Send the administrator's form for John with some fields changed."""
    browser = browser_of(administrator)

    def send(**changes):
        data = {key: value for key, value in (form_of_john | changes).items() if value is not None}
        return browser.post(f"/edit-profile/{john.id}", data=data)

    send.browser = browser
    return send


def test_the_administrators_form_holds_what_is_there(edit, john):
    page = Page.of(edit.browser.get(f"/edit-profile/{john.id}"))
    assert (page.title, page.heading) == ("Flasky - Edit Profile", "Edit Your Profile")
    form = page.form("Submit")
    assert form.texts("label") == [
        "Email", "Username", "Confirmed", "Role", "Real name", "Location", "About me",
    ]  # fmt: skip
    assert form.texts("option") == ["Administrator", "Moderator", "User"]
    fields = fields_of(form)
    assert (fields["email"], fields["username"]) == ("john@example.com", "John")
    assert (fields["confirmed"], fields["role"]) == ("y", str(john.role_id))


def test_saving_the_form_as_it_is_changes_nobodys_role(edit, john, moderator, administrator):
    for user in (john, moderator, administrator):
        path, before = f"/edit-profile/{user.id}", user.role.name
        form = fields_of(Page.of(edit.browser.get(path)).form("Submit"))
        assert edit.browser.post(path, data=form).status_code == 302
        assert db.session.get(User, user.id).role.name == before


def test_somebody_without_a_role_is_offered_the_usual_one(edit, john):
    john.role = None
    form = fields_of(Page.of(edit.browser.get(f"/edit-profile/{john.id}")).form("Submit"))
    assert form["role"] == str(Role.named("User").id)


def test_an_administrator_changes_everything(edit, john, outbox):
    response = edit(
        email="New@Example.com",
        username="Johnny",
        confirmed=None,
        role=str(Role.named("Moderator").id),
        name="J",
        location="L",
        about_me="A",
    )
    assert (response.status_code, response.location) == (302, "/user/Johnny")
    assert Page.of(edit.browser.get("/user/Johnny")).flashes == ["The profile has been updated."]
    user = db.session.get(User, john.id)
    assert (user.email, user.username, user.confirmed) == ("new@example.com", "Johnny", False)
    assert (user.role.name, user.name, user.location, user.about_me) == ("Moderator", "J", "L", "A")
    assert user.avatar_hash == hashlib.md5(b"new@example.com").hexdigest()
    assert [mail.recipients for mail in outbox] == [["john@example.com"]]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"email": ""}, "email", "This field is required."),
        ({"email": "x"}, "email", "Invalid email address."),
        ({"email": "ANN@example.com"}, "email", "Email already registered."),
        ({"username": ""}, "username", "This field is required."),
        ({"username": "ann"}, "username", "Username already in use."),
        ({"username": "aNN"}, "username", "Username already in use."),
        (
            {"username": "J D"},
            "username",
            "Usernames must have only letters, numbers, dots or underscores",
        ),
        (
            {"username": "x" * 65},
            "username",
            "Field must be between 1 and 64 characters long.",
        ),
        ({"role": "99"}, "role", "Not a valid choice."),
        ({"role": "x"}, "role", "Invalid Choice: could not coerce."),
        ({"name": "x" * 65}, "name", "Field must be between 0 and 64 characters long."),
        ({"location": "x" * 65}, "location", "Field must be between 0 and 64 characters long."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(edit, ann, john, changes, field, message):
    response = edit(**changes)
    assert response.status_code == 200
    page = Page.of(response)
    assert message in page.errors(field)
    assert db.session.get(User, john.id).location == "São Paulo & more"
    (name, value) = next(iter(changes.items()))
    if name != "role":
        assert page.first("input", name=name)["value"] == value


def test_unchanged_names_and_addresses_are_nobody_elses(edit, john):
    assert edit(email="JOHN@example.com").status_code == 302
    assert edit(username="JOHN").status_code == 302
    assert db.session.get(User, john.id).username == "JOHN"


def test_the_only_administrator_cannot_step_down(edit, administrator):
    data = {
        "email": administrator.email,
        "username": administrator.username,
        "confirmed": "y",
        "role": Role.named("User").id,
    }
    response = edit.browser.post(f"/edit-profile/{administrator.id}", data=data)
    assert response.status_code == 200
    assert Page.of(response).errors("role") == [
        "This is the last administrator. Make somebody else one first."
    ]
    assert db.session.get(User, administrator.id).is_administrator()


def test_one_of_two_administrators_can_step_down(edit, administrator, make_user):
    make_user(role="Administrator")
    data = {
        "email": administrator.email,
        "username": administrator.username,
        "confirmed": "y",
        "role": Role.named("User").id,
    }
    path = f"/edit-profile/{administrator.id}"
    assert edit.browser.post(path, data=data).status_code == 302
    assert not db.session.get(User, administrator.id).is_administrator()
    assert edit.browser.get(path).status_code == 403


def test_others_cannot_edit_somebody(client, browser_of, john, ann, moderator):
    path = f"/edit-profile/{john.id}"
    assert client.get(path).location == f"/auth/login?next=%2Fedit-profile%2F{john.id}"
    for user in (john, ann, moderator):
        browser = browser_of(user)
        assert (browser.get(path).status_code, browser.post(path).status_code) == (403, 403)


def test_an_id_of_nobody_is_not_found(edit):
    for path in ("/edit-profile/999", "/edit-profile/99999999999999999999", "/edit-profile/x"):
        assert edit.browser.get(path).status_code == 404
        assert edit.browser.post(path).status_code == 404


@pytest.mark.parametrize(
    ("check", "changes", "field", "message"),
    [
        ("is_email_taken", {"email": "ann@example.com"}, "email", "Email already registered."),
        ("is_username_taken", {"username": "Ann"}, "username", "Username already in use."),
    ],
)
def test_a_name_or_address_that_somebody_takes_at_the_same_moment_is_said_at_the_field(
    edit, ann, john, monkeypatch, check, changes, field, message
):
    """The check of the form looks a moment too early; the constraint of the database speaks."""
    module = "app.main.forms" if check == "is_email_taken" else "app.web.forms"
    answers = iter([False])
    look = __import__(module, fromlist=[check]).__dict__[check]

    def too_early(*args, **kwargs):
        return next(answers, None) is None and look(*args, **kwargs)

    monkeypatch.setattr(f"{module}.{check}", too_early)
    response = edit(**changes)
    assert response.status_code == 200
    assert message in Page.of(response).errors(field)
    assert db.session.get(User, john.id).location == "São Paulo & more"
