"""The whole of the site, walked without JavaScript and with every protection on.

Nobody types an address here: what cannot be reached by a link, a button or a mail is not there.
"""

import pytest

from app.extensions import db
from app.models import User
from tests.journeys.walker import Walker

GOOD, BETTER = "seven grumpy otters", "nine patient herons"


@pytest.fixture(autouse=True)
def as_for_real_people(app):
    app.config.update(
        WTF_CSRF_ENABLED=True,
        RATELIMIT_ENABLED=True,
        FLASKY_PASSWORD_MIN_LENGTH=8,
        FLASKY_PASSWORD_MIN_SCORE=3,
    )


@pytest.fixture
def walk(app):
    return lambda: Walker(app)


@pytest.fixture
def join(walk, outbox):
    """Return the browser of somebody who has registered, confirmed and logged in."""

    def register(name):
        walker = walk().open("/").follow("Create an account")
        walker.press(
            "Register",
            email=f"{name}@example.com",
            username=name,
            password=GOOD,
            password2=GOOD,
        )
        assert walker.said == ["A confirmation email has been sent to you by email."]
        walker.log_in(f"{name}@example.com", GOOD)
        assert "You have not confirmed your account yet." in walker.page.text
        walker.open_mail(outbox[-1])
        assert walker.said == ["You have confirmed your account. Thanks!"]
        assert walker.page.heading == f"Hello, {name}!"
        return walker

    return register


def staff(name, role) -> None:
    """Do what an operator does on the command line."""
    user = db.session.query(User).filter_by(username=name).one()
    user.role = type(user.role).named(role)
    db.session.commit()


def test_a_life_on_the_site(join, walk, outbox):
    ann, bob = join("ann"), join("bob")

    ann.press("Preview", body="Is *anybody* here?")
    assert ann.page.first(class_="preview").first("em").text == "anybody"
    ann.press("Submit")
    assert ann.address == "/"
    assert "Is anybody here?" in ann.page.text

    bob.open("/").follow("ann").press("Follow")
    assert bob.said == ["You are now following ann."]
    bob.follow("Followers: 1")
    assert bob.page.heading == "Followers of ann"
    bob.follow("Flasky").press("Followed")
    bob.follow("0 Comments").press("Submit", body="I am! **Welcome**")
    assert bob.said == ["Your comment has been published."]

    ann.follow("Flasky").follow("1 Comments")
    assert "I am! Welcome" in ann.page.text
    ann.follow("bob")
    assert "Follows you" in ann.page.text
    ann.follow("Home").follow("Edit").press("Submit", body="Is anybody *there*?")
    assert ann.said == ["The post has been updated."]

    bob.open("/").follow("ann").press("Unfollow")
    assert bob.said == ["You are not following ann anymore."]

    ann.follow("Home").follow("Delete").press("Delete")
    assert ann.said == ["The post has been deleted."]
    assert "Is anybody" not in ann.page.text


def test_moderation_and_roles(join, walk):
    admin, mod, bob = join("grace"), join("mona"), join("bob")
    staff("grace", "Administrator")
    bob.press("Submit", body="A post").follow("Permalink").press("Submit", body="A rude remark")

    admin.open("/").follow("bob")
    assert "bob@example.com" in admin.page.links
    admin.open("/user/mona").follow("Edit Profile [Admin]")
    roles = {option.text: option["value"] for option in admin.page.all("option")}
    admin.press("Submit", role=roles["Moderator"])
    assert admin.said == ["The profile has been updated."]

    mod.open("/").follow("Moderate Comments").press("Disable")
    assert mod.page.heading == "Comment Moderation"
    assert "A rude remark" in mod.page.text
    stranger = walk().open("/").follow("1 Comments")
    assert "This comment has been disabled by a moderator." in stranger.page.text
    assert "A rude remark" not in stranger.page.text
    mod.press("Enable")
    assert "A rude remark" in stranger.open(stranger.address).page.text


def test_everything_about_ones_account(join, walk, outbox):
    ann, elsewhere = join("ann"), walk()
    elsewhere.log_in("ann@example.com", GOOD, remember_me="y")

    ann.follow("Edit Profile").press("Submit", name="Ann", location="Rome", about_me="Hello")
    assert ann.said == ["Your profile has been updated."]
    assert "from Rome" in ann.page.text

    ann.follow("Your Sessions").press("End session")
    assert ann.said == ["That session has ended."]
    assert elsewhere.open("/").page.heading == "Hello, Stranger!"

    ann.follow("Change Password").press(
        "Update Password", old_password=GOOD, password=BETTER, password2=BETTER
    )
    assert ann.said == ["Your password has been updated."]

    ann.follow("Change Email").press(
        "Update Email Address", email="new@example.com", password=BETTER
    )
    ann.open_mail(outbox[-1])
    assert ann.said[-1] == "Your email address has been updated."

    ann.press("Log Out")
    assert ann.said == ["You have been logged out."]
    ann.follow("Log In").follow("Click here to reset it")
    ann.press("Reset Password", email="new@example.com")
    ann.open_mail([mail for mail in outbox if "Reset" in mail.subject][-1])
    ann.press("Reset Password", password=GOOD, password2=GOOD)
    assert ann.said[-1] == "Your password has been updated."
    ann.press("Log In", email="new@example.com", password=GOOD, remember_me="y")
    assert ann.page.heading == "Hello, ann!"

    ann.follow("Appearance").press("Save", theme="dark")
    assert ann.page.first("html")["data-theme"] == "dark"

    ann.follow("Edit Profile").follow("Delete your account")
    ann.press("Delete my account for good", password=GOOD)
    assert ann.page.heading == "Hello, Stranger!"
    assert db.session.query(User).count() == 0


def test_a_comment_of_ones_own_can_be_taken_back(join):
    ann = join("ann").press("Submit", body="A post").follow("0 Comments")
    ann.press("Submit", body="Too hasty")
    path = next(a["href"] for a in ann.page.first(class_="comment").all("a") if a.text == "Delete")
    ann.open(path).press("Delete")
    assert ann.said == ["The comment has been deleted."]
    assert "Too hasty" not in ann.page.text


def test_a_session_that_ends_while_somebody_writes_loses_nothing(join):
    ann = join("ann")
    db.session.query(User).one().end_sessions()
    ann.press("Submit", body="Three hours of work")
    assert ann.page.heading == "Login"
    ann.press("Log In", email="ann@example.com", password=GOOD)
    ann.press("Send again")
    assert ann.address == "/"
    assert "Three hours of work" in ann.page.text


def test_pages_are_turned_by_links(app, join):
    app.config["FLASKY_POSTS_PER_PAGE"] = 2
    ann = join("ann")
    for number in range(5):
        ann.press("Submit", body=f"Post {number}")
    seen = []
    while True:
        seen += ann.page.texts("div", class_="post-body")
        onwards = ann.page.all("a", rel="next")
        if not onwards:
            break
        ann.open(onwards[0]["href"])
    assert seen == [f"Post {number}" for number in range(4, -1, -1)]
