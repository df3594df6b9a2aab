"""Profiles and editing them (contract C, main; E, user and edit_profile; K6)."""

import hashlib
from datetime import datetime

import pytest

from app.extensions import db
from app.models import Follow, Role, User
from tests.web.page import Page, fields_of


@pytest.fixture
def john(make_user):
    return make_user(
        "John",
        email="john@example.com",
        name="John Doe",
        location="São Paulo & more",
        about_me="I write.\n<b>Much</b>",
        member_since=datetime(2024, 2, 3, 4, 5),
        last_seen=datetime(2024, 3, 4, 5, 6),
    )


def test_a_profile_shows_who_somebody_is(client, john, make_post, make_comment):
    make_comment(author=john, post=make_post("Mine", author=john))
    page = Page.of(client.get("/user/John"))
    assert (page.title, page.heading) == ("Flasky - John", "John")
    assert page.first("img", width="256")["height"] == "256"
    assert "John Doe" in page.text
    assert "from São Paulo & more" in page.text
    assert page.link("São Paulo & more").startswith("https://")
    assert page.link("São Paulo & more").endswith("S%C3%A3o%20Paulo%20%26%20more")
    assert "I write. <b>Much</b>" in page.text
    assert "1 blog posts. 1 comments." in page.text
    since, seen = page.all("time")[:2]
    assert (since["datetime"], since["data-moment"], since["data-format"]) == (
        "2024-02-03T04:05:00Z",
        "format",
        "L",
    )
    assert (seen["datetime"], seen["data-moment"]) == ("2024-03-04T05:06:00Z", "fromNow")
    assert "Member since" in page.text
    assert "Last seen" in page.text
    assert "Posts by John" in page.texts("h3")
    assert page.texts("div", class_="post-body") == ["Mine"]


def test_only_administrators_see_the_address(client, browser_of, john, moderator, administrator):
    assert "john@example.com" not in client.get("/user/John").text
    for user in (john, moderator):
        assert "john@example.com" not in browser_of(user).get("/user/John").text
    page = Page.of(browser_of(administrator).get("/user/John"))
    assert page.link("john@example.com") == "mailto:john@example.com"


def test_names_are_found_in_their_exact_case_only(client, john):
    assert client.get("/user/john").status_code == 404
    assert client.get("/user/nobody").status_code == 404


def test_somebody_elses_posts_are_not_listed(client, john, make_post):
    make_post("By another")
    assert "By another" not in client.get("/user/John").text


def test_posts_are_paged_newest_first(app, client, john, make_post):
    app.config["FLASKY_POSTS_PER_PAGE"] = 2
    for number in range(3):
        make_post(f"Post {number}", author=john, timestamp=datetime(2024, 1, number + 1))

    def bodies(path):
        return Page.of(client.get(path)).texts("div", class_="post-body")

    assert bodies("/user/John") == ["Post 2", "Post 1"]
    assert bodies("/user/John?page=2") == ["Post 0"]
    assert bodies("/user/John?page=x") == ["Post 2", "Post 1"]
    assert bodies("/user/John?page=9") == []
    hrefs = [link["href"] for link in Page.of(client.get("/user/John")).all("a", rel="next")]
    assert hrefs[0].startswith("/user/John?page=2")


def test_followers_are_counted_without_oneself(client, john, ann, bob):
    for user in (ann, bob):
        user.follow(john)
    john.follow(ann)
    page = Page.of(client.get("/user/John"))
    assert page.link("Followers: 2") == "/followers/John"
    assert page.link("Following: 1") == "/followed_by/John"


def test_a_stranger_sees_no_buttons(client, john):
    page = Page.of(client.get("/user/John"))
    assert page.buttons == []
    assert "Edit Profile" not in page.text


def test_others_can_follow_and_see_who_follows_them(browser_of, john, ann):
    browser = browser_of(ann)
    page = Page.of(browser.get("/user/John"))
    assert "Follow" in page.buttons
    assert "Follows you" not in page.text
    ann.follow(john)
    john.follow(ann)
    page = Page.of(browser.get("/user/John"))
    assert "Unfollow" in page.buttons
    assert "Follow" not in page.buttons
    assert "Follows you" in page.text


def test_nobody_is_offered_to_follow_themselves(browser_of, john):
    page = Page.of(browser_of(john).get("/user/John"))
    assert not {"Follow", "Unfollow"} & set(page.buttons)
    assert "Follows you" not in page.text
    assert page.link("Edit Profile") == "/edit-profile"
    assert "Edit Profile [Admin]" not in page.links


def test_without_the_permission_there_is_no_follow_button(browser_of, john, ann):
    ann.role.remove_permission(1)
    assert "Follow" not in Page.of(browser_of(ann).get("/user/John")).buttons


def test_administrators_are_offered_to_edit_anybody(browser_of, john, administrator):
    def offers(path):
        page = Page.of(browser_of(administrator).get(path))
        return page.first("header", class_="profile").texts("a", class_="button")

    assert offers("/user/John") == ["Edit Profile [Admin]"]
    assert offers("/user/adm") == ["Edit Profile", "Edit Profile [Admin]"]


# --- Accounts made in code --------------------------------------------------------------------


@pytest.fixture
def nameless(app):
    """A user with neither name nor address, who has written and followed all the same."""
    user = User(confirmed=True)
    db.session.add(user)
    db.session.commit()
    return user


def test_pages_cope_with_people_without_a_name(
    client, browser_of, administrator, ann, nameless, make_post, make_comment
):
    post = make_post(author=nameless)
    make_comment(author=nameless, post=post)
    make_comment(author=None, post=post)
    nameless.follow(ann)
    ann.follow(nameless)
    for path in ("/", f"/post/{post.id}", "/followers/ann", "/followed_by/ann"):
        page = Page.of(client.get(path))
        assert "Someone" in page.text, path
    browser = browser_of(administrator)
    for path in ("/moderate", f"/edit-profile/{nameless.id}", f"/post/{post.id}/delete"):
        assert browser.get(path).status_code == 200, path


def test_a_person_without_a_name_can_look_around(app, nameless, client):
    nameless.start_session()
    with client.session_transaction() as session:
        session["_user_id"] = nameless.get_id()
    assert Page.of(client.get("/")).heading == "Hello, Someone!"
    for path in ("/edit-profile", "/auth/change-password", "/auth/sessions", "/appearance"):
        assert client.get(path).status_code == 200, path
    assert client.post("/edit-profile", data={"name": "Somebody"}).location == "/"
    assert Page.of(client.get("/")).heading == "Hello, Somebody!"


# --- Editing one's own ------------------------------------------------------------------------


def test_the_form_holds_what_is_there(browser_of, john):
    page = Page.of(browser_of(john).get("/edit-profile"))
    assert (page.title, page.heading) == ("Flasky - Edit Profile", "Edit Your Profile")
    form = page.form("Submit")
    assert form.texts("label") == ["Real name", "Location", "About me"]
    fields = fields_of(form)
    assert (fields["name"], fields["location"]) == ("John Doe", "São Paulo & more")
    assert fields["about_me"] == "I write.\n<b>Much</b>"


def test_a_profile_is_updated_by_its_owner(browser_of, john):
    browser = browser_of(john)
    data = {"name": "J. D.", "location": "", "about_me": "Less."}
    response = browser.post("/edit-profile", data=data)
    assert (response.status_code, response.location) == (302, "/user/John")
    page = Page.of(browser.get("/user/John"))
    assert page.flashes == ["Your profile has been updated."]
    assert "J. D." in page.text
    assert "from" not in page.first("header", class_="profile").text


def test_what_is_too_long_is_said_and_kept(browser_of, john):
    long = "x" * 65
    data = {"name": long, "location": long, "about_me": "About me"}
    response = browser_of(john).post("/edit-profile", data=data)
    assert response.status_code == 200
    page = Page.of(response)
    for field in ("name", "location"):
        assert page.errors(field) == ["Field must be between 0 and 64 characters long."]
    fields = fields_of(page.form("Submit"))
    assert (fields["name"], fields["location"], fields["about_me"]) == (long, long, "About me")
    assert db.session.get(User, john.id).name == "John Doe"


def test_what_somebody_says_about_themselves_has_a_limit_too(browser_of, john):
    response = browser_of(john).post("/edit-profile", data={"about_me": "x" * (8 * 1024 + 1)})
    message = "This is too long by 1 bytes; up to 8 KB are fine."
    assert Page.of(response).errors("about_me") == [message]


def test_an_owner_cannot_promote_or_confirm_themselves(browser_of, john):
    data = {
        "name": "x",
        "role": Role.named("Administrator").id,
        "email": "x@example.com",
        "username": "other",
        "confirmed": "",
        "password": "dog",
        "post_count": "7",
    }
    browser_of(john).post("/edit-profile", data=data)
    user = db.session.get(User, john.id)
    assert (user.role.name, user.email, user.username) == ("User", "john@example.com", "John")
    assert (user.confirmed, user.post_count, user.name) == (True, 0, "x")


# --- Editing as an administrator --------------------------------------------------------------


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


def test_the_self_follow_is_no_relation_to_show(client, john):
    assert db.session.query(Follow).count() == 1
    assert "Followers: 0" in Page.of(client.get("/user/John")).text
