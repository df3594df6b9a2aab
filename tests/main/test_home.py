"""The home page: reading, writing, whose posts (contract C, main; E, index)."""

from datetime import timedelta

import pytest

from app.extensions import db
from app.lib.clock import utcnow
from app.models import Follow, Post, Role, User
from tests.web.page import Page, fields_of


def bodies(response) -> list[str]:
    return Page.of(response).texts("div", class_="post-body")


@pytest.fixture
def three_a_page(app):
    app.config["FLASKY_POSTS_PER_PAGE"] = 3


@pytest.fixture
def seven_posts(make_post, ann, three_a_page):
    now = utcnow()
    return [
        make_post(f"Post {number}", author=ann, timestamp=now - timedelta(hours=7 - number))
        for number in range(1, 8)
    ]


def test_a_stranger_is_greeted_and_cannot_write(client):
    page = Page.of(client.get("/"))
    assert (page.title, page.heading) == ("Flasky", "Hello, Stranger!")
    assert not page.all(id="body")
    assert page.all("button", class_="tab") == []


def test_a_user_is_greeted_by_name_and_can_write(browser_of, ann):
    page = Page.of(browser_of(ann).get("/"))
    assert (page.title, page.heading) == ("Flasky", "Hello, ann!")
    form = page.form("Submit")
    assert "What's on your mind?" in form.texts("label")
    assert form.first("textarea")["name"] == "body"
    assert page.texts("button", class_="tab") == ["All", "Followed"]


def test_who_may_not_write_has_no_form(browser_of, ann):
    ann.role.remove_permission(4)
    page = Page.of(browser_of(ann).get("/"))
    assert page.heading == "Hello, ann!"
    assert "Submit" not in page.buttons


def test_a_post_is_published_without_a_word(browser_of, ann):
    browser = browser_of(ann)
    response = browser.post("/", data={"body": "Hello *world*"})
    assert (response.status_code, response.location) == (302, "/")
    page = Page.of(browser.get("/"))
    assert page.flashes == []
    assert page.first("div", class_="post-body").first("em").text == "world"
    (post,) = db.session.query(Post)
    assert (post.author_id, post.body) == (ann.id, "Hello *world*")
    assert db.session.get(User, ann.id).post_count == 1


@pytest.mark.parametrize("body", [None, "", "   \n\t "])
def test_a_post_without_text_is_refused(browser_of, ann, body):
    response = browser_of(ann).post("/", data={} if body is None else {"body": body})
    assert response.status_code == 200
    assert "This field is required." in response.text
    assert db.session.query(Post).count() == 0


def test_a_post_that_is_too_long_is_refused_and_kept(browser_of, ann):
    body = "x" * (64 * 1024 + 1)
    response = browser_of(ann).post("/", data={"body": body})
    assert response.status_code == 200
    page = Page.of(response)
    assert "This is too long by 1 bytes; up to 64 KB are fine." in page.text
    assert fields_of(page.form("Submit"))["body"] == body
    assert browser_of(ann).post("/", data={"body": body[1:]}).status_code == 302


def test_the_limit_counts_bytes_not_letters(browser_of, ann):
    response = browser_of(ann).post("/", data={"body": "ä" * (32 * 1024 + 1)})
    assert response.status_code == 200
    assert "This is too long by 2 bytes" in response.text


def test_line_breaks_at_the_start_survive_a_failed_form(app, browser_of, ann):
    body = "\n\n  indented\n" + "x" * (64 * 1024)
    response = browser_of(ann).post("/", data={"body": body})
    assert fields_of(Page.of(response).form("Submit"))["body"] == body


def test_a_stranger_cannot_post(client):
    assert client.post("/", data={"body": "x"}).status_code == 403
    assert db.session.query(Post).count() == 0


def test_without_the_permission_nobody_can_post(browser_of, ann):
    ann.role.remove_permission(4)
    assert browser_of(ann).post("/", data={"body": "x"}).status_code == 403
    assert db.session.query(Post).count() == 0


def test_the_same_form_sent_twice_makes_one_post(browser_of, ann):
    browser = browser_of(ann)
    form = {**fields_of(Page.of(browser.get("/")).form("Submit")), "body": "Once"}
    for _ in range(3):
        assert browser.post("/", data=form).location == "/"
    assert db.session.query(Post).count() == 1
    assert db.session.get(User, ann.id).post_count == 1
    again = {**fields_of(Page.of(browser.get("/")).form("Submit")), "body": "Once"}
    browser.post("/", data=again)
    assert db.session.query(Post).count() == 2


def test_another_persons_mark_of_a_form_hides_nothing(browser_of, ann, bob):
    form = {**fields_of(Page.of(browser_of(ann).get("/")).form("Submit")), "body": "x"}
    for user in (ann, bob):
        browser_of(user).post("/", data=form)
    assert db.session.query(Post).count() == 2


@pytest.mark.parametrize("mark", ["", "x", "a" * 36 + "b", "\0" * 36])
def test_a_mark_that_was_made_up_is_ignored(browser_of, ann, mark):
    browser = browser_of(ann)
    for _ in range(2):
        browser.post("/", data={"body": "x", "submission": mark})
    assert db.session.query(Post).count() in (0, 2)  # a NUL is refused, the others do not count


# --- Preview ----------------------------------------------------------------------------------


def test_the_preview_button_shows_the_post_and_publishes_nothing(browser_of, ann):
    form = {"body": "Some *text*", "preview": "1"}
    page = Page.of(browser_of(ann).post("/", data=form))
    assert page.first(class_="flask-pagedown-preview").first("em").text == "text"
    assert fields_of(page.form("Submit"))["body"] == "Some *text*"
    assert db.session.query(Post).count() == 0


def test_the_preview_of_a_text_that_is_too_long_says_so(browser_of, ann):
    form = {"body": "x" * (64 * 1024 + 1), "preview": "1"}
    response = browser_of(ann).post("/", data=form)
    assert response.status_code == 200
    assert db.session.query(Post).count() == 0


def test_the_preview_as_one_types_is_what_gets_published(browser_of, ann, make_post):
    body = "# A *title*\n\n`code` <script>alert(1)</script>\n\nhttps://example.com\n\n- a\n- b"
    response = browser_of(ann).post("/preview", data={"body": body})
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert response.text == make_post(body).body_html


def test_the_preview_of_nothing_is_nothing(browser_of, ann):
    browser = browser_of(ann)
    assert browser.post("/preview").text == ""
    assert browser.post("/preview", data={"body": ""}).text == ""


def test_only_writers_get_a_preview(client, browser_of, ann):
    assert client.post("/preview", data={"body": "x"}).status_code == 302
    ann.role.remove_permission(4)
    assert browser_of(ann).post("/preview", data={"body": "x"}).status_code == 403


# --- Lists and paging -------------------------------------------------------------------------


def test_the_newest_posts_come_first(client, seven_posts):
    assert bodies(client.get("/")) == ["Post 7", "Post 6", "Post 5"]
    assert bodies(client.get("/?page=3")) == ["Post 1"]


def test_posts_of_one_moment_have_one_order(client, make_post, ann, three_a_page):
    now = utcnow()
    for number in range(6):
        make_post(f"Post {number}", author=ann, timestamp=now)
    listed = bodies(client.get("/")) + bodies(client.get("/?page=2"))
    assert listed == [f"Post {number}" for number in range(5, -1, -1)]


@pytest.mark.parametrize(
    "page", ["", "x", "0", "-1", "-3", "1.5", "1e3", "%F0%9F%92%A9", "\uff11x"]
)
def test_a_page_that_is_no_number_from_one_on_is_the_first(client, seven_posts, page):
    assert bodies(client.get(f"/?page={page}")) == ["Post 7", "Post 6", "Post 5"]


@pytest.mark.parametrize("page", ["4", "10000001", "9" * 30, "9" * 6000])
def test_past_the_end_the_list_is_empty(client, seven_posts, page):
    response = client.get(f"/?page={page}")
    assert response.status_code == 200
    if len(page) < 4300:  # longer ones are no numbers to Python
        assert bodies(response) == []


@pytest.mark.parametrize("as_of", ["", "x", "-1", "0", "9" * 40, "9" * 6000, "1.5"])
def test_no_value_of_as_of_breaks_the_list(client, seven_posts, as_of):
    for page in (1, 2):
        assert client.get(f"/?page={page}&as_of={as_of}").status_code == 200


def test_a_reader_who_pages_on_sees_nothing_twice_while_others_write(
    client, seven_posts, make_post, ann
):
    first = client.get("/")
    onwards = Page.of(first).first("a", rel="next")["href"]
    for number in range(8, 10):
        make_post(f"Post {number}", author=ann)
    second = client.get(onwards)
    assert bodies(first) + bodies(second) == [f"Post {number}" for number in range(7, 1, -1)]
    onwards = Page.of(second).first("a", rel="next")["href"]
    assert bodies(client.get(onwards)) == ["Post 1"]


def test_the_pager_has_edges_neighbours_and_gaps(app, client, make_post, ann):
    app.config["FLASKY_POSTS_PER_PAGE"] = 1
    for number in range(20):
        make_post(f"Post {number}", author=ann)

    def pager(page):
        nav = Page.of(client.get(f"/?page={page}")).first("nav", class_="pager")
        return [" ".join(item.text.replace("Page ", "").split()) for item in nav.all("li")]

    previous, following = "«Previous page", "»Next page"
    assert pager(10) == [
        previous, "1", "2", "…", "8", "9", "10", "11", "12", "13", "14", "…", "19", "20", following
    ]  # fmt: skip
    assert pager(1) == ["«", "1", "2", "3", "4", "5", "…", "19", "20", following]
    assert pager(20) == [previous, "1", "2", "…", "18", "19", "20", "»"]
    nav = Page.of(client.get("/?page=10")).first("nav", class_="pager")
    assert nav.first("a", aria_current="page").text == "Page 10"
    assert [item.text for item in nav.all("li", class_="disabled")] == ["…", "…"]
    assert [item.text for item in nav.all("li", class_="active")] == ["Page 10"]


def test_one_page_needs_no_pager(client, make_post):
    make_post()
    assert Page.of(client.get("/")).all("nav", class_="pager") == []


# --- All and Followed -------------------------------------------------------------------------


def test_followed_shows_the_posts_of_those_one_follows_and_ones_own(
    browser_of, ann, bob, make_post, make_user
):
    for author in (ann, bob, make_user("carl")):
        make_post(f"By {author.username}", author=author)
    ann.follow(bob)
    browser = browser_of(ann)
    response = browser.post("/followed")
    assert (response.status_code, response.location) == (302, "/")
    response = browser.get("/")
    assert bodies(response) == ["By bob", "By ann"]
    assert Page.of(response).first("button", aria_current="true").text == "Followed"
    browser.post("/all")
    response = browser.get("/")
    assert bodies(response) == ["By carl", "By bob", "By ann"]
    assert Page.of(response).first("button", aria_current="true").text == "All"


@pytest.mark.parametrize(("path", "value"), [("/all", ""), ("/followed", "1")])
def test_the_choice_is_kept_in_a_cookie_for_a_month(browser_of, ann, path, value):
    browser = browser_of(ann)
    browser.post(path)
    cookie = browser.get_cookie("show_followed")
    assert cookie.value == value
    assert (cookie.max_age, cookie.path) == (2592000, "/")
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_the_cookie_means_nothing_to_a_stranger(client, make_post):
    make_post("By somebody")
    client.set_cookie("show_followed", "1")
    assert bodies(client.get("/")) == ["By somebody"]


def test_pages_of_followed_posts_are_full_and_complete(browser_of, ann, bob, make_post, app):
    app.config["FLASKY_POSTS_PER_PAGE"] = 2
    ann.follow(bob)
    for number in range(4):
        make_post(f"Post {number}", author=bob)
        make_post("not for ann")
    browser = browser_of(ann)
    browser.set_cookie("show_followed", "1")
    assert bodies(browser.get("/")) == ["Post 3", "Post 2"]
    assert bodies(browser.get("/?page=2")) == ["Post 1", "Post 0"]


def test_even_without_the_self_follow_row_the_page_works(browser_of, ann, make_post):
    make_post("By ann", author=ann)
    db.session.query(Follow).delete()
    browser = browser_of(ann)
    browser.set_cookie("show_followed", "1")
    assert bodies(browser.get("/")) == []


def test_people_without_a_role_can_read(browser_of, make_user, make_post):
    make_post("By somebody")
    user = make_user()
    user.role = None
    assert bodies(browser_of(user).get("/")) == ["By somebody"]
    assert Role.named("User") is not None
