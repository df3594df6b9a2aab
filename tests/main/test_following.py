"""Following people, and the lists of who does (contract C, main; E, followers; K3)."""

from datetime import datetime

import pytest

from app.extensions import db
from app.models import Follow, User
from tests.web.page import Page


def flashes(browser, path="/") -> list[str]:
    return Page.of(browser.get(path)).flashes


def test_following_says_so_and_shows_the_profile(browser_of, ann, bob):
    browser = browser_of(ann)
    response = browser.post("/follow/bob")
    assert (response.status_code, response.location) == (302, "/user/bob")
    assert flashes(browser, "/user/bob") == ["You are now following bob."]
    assert ann.is_following(bob)
    assert db.session.get(User, bob.id).follower_count == 1
    browser.post("/follow/bob")
    assert flashes(browser, "/user/bob") == ["You are already following this user."]
    assert db.session.get(User, bob.id).follower_count == 1


def test_unfollowing_says_so_and_shows_the_profile(browser_of, ann, bob):
    ann.follow(bob)
    browser = browser_of(ann)
    response = browser.post("/unfollow/bob")
    assert (response.status_code, response.location) == (302, "/user/bob")
    assert flashes(browser, "/user/bob") == ["You are not following bob anymore."]
    assert not ann.is_following(bob)
    assert browser.post("/unfollow/bob").location == "/user/bob"
    assert flashes(browser, "/user/bob") == ["You are not following this user."]
    assert db.session.get(User, bob.id).follower_count == 0


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_somebody_who_does_not_exist_cannot_be_followed(browser_of, ann, bob, verb):
    browser = browser_of(ann)
    for name in ("nobody", "Bob"):
        assert browser.post(f"/{verb}/{name}").location == "/"
        assert flashes(browser) == ["Invalid user."]


def test_nobody_can_follow_or_unfollow_themselves(browser_of, ann):
    browser = browser_of(ann)
    browser.post("/follow/ann")
    assert flashes(browser, "/user/ann") == ["You are already following this user."]
    browser.post("/unfollow/ann")
    assert flashes(browser, "/user/ann") == ["You are not following this user."]
    assert db.session.query(Follow).count() == 1
    user = db.session.get(User, ann.id)
    assert (user.follower_count, user.followed_count) == (0, 0)


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_following_needs_an_account_with_the_permission(client, browser_of, ann, bob, verb):
    path = f"/{verb}/bob"
    assert client.post(path).location == f"/auth/login?next=%2F{verb}%2Fbob"
    ann.role.remove_permission(1)
    assert browser_of(ann).post(path).status_code == 403


@pytest.mark.parametrize(
    "path", ["/follow/bob", "/unfollow/bob", "/all", "/followed", "/moderate/enable/1", "/preview"]
)
def test_nothing_is_done_by_following_a_link(browser_of, administrator, bob, path):
    response = browser_of(administrator).get(path)
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


# --- Lists ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "title"), [("/followers/ann", "Followers of"), ("/followed_by/ann", "Followed by")]
)
def test_the_lists_show_the_others_with_picture_name_and_day(
    client, ann, bob, make_user, path, title
):
    carl = make_user("carl")
    for other in (bob, carl):
        other.follow(ann)
        ann.follow(other)
    db.session.commit()
    db.session.query(Follow).filter(
        (Follow.follower_id == bob.id) | (Follow.followed_id == bob.id)
    ).update({"timestamp": datetime(2024, 5, 6)})
    page = Page.of(client.get(path))
    assert (page.title, page.heading) == (f"Flasky - {title} ann", f"{title} ann")
    table = page.first("table")
    assert table.texts("th") == ["User", "Since"]
    rows = table.first("tbody").all("tr")
    assert [row.first("td").text for row in rows] == ["carl", "bob"]
    assert rows[0].first("img", width="32")["height"] == "32"
    assert rows[0].all("a", href="/user/carl")
    since = rows[1].first("time")
    assert (since["datetime"], since["data-format"]) == ("2024-05-06T00:00:00Z", "L")


@pytest.mark.parametrize("path", ["/followers/ann", "/followed_by/ann"])
def test_the_subject_is_left_out_so_that_pages_are_full(app, client, ann, make_user, path):
    app.config["FLASKY_FOLLOWERS_PER_PAGE"] = 2
    for number in range(4):
        other = make_user(f"other{number}")
        other.follow(ann)
        ann.follow(other)

    def names(query):
        page = Page.of(client.get(path + query))
        return [row.first("td").text for row in page.all("tr") if row.all("td")]

    assert names("") == ["other3", "other2"]
    assert names("?page=2") == ["other1", "other0"]
    assert names("?page=3") == []
    assert names("?page=-1") == ["other3", "other2"]
    assert "ann" not in names("")


@pytest.mark.parametrize("path", ["/followers/ann", "/followed_by/ann"])
def test_who_has_nobody_has_an_empty_list(client, browser_of, ann, bob, path):
    for browser in (client, browser_of(ann), browser_of(bob)):
        page = Page.of(browser.get(path))
        assert page.all("table") == []
        assert page.heading.endswith("ann")


@pytest.mark.parametrize("path", ["/followers/nobody", "/followed_by/nobody", "/followers/ANN"])
def test_the_lists_of_nobody_lead_home(client, ann, path):
    assert client.get(path).location == "/"
    assert flashes(client) == ["Invalid user."]
