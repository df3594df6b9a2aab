"""A post's own page, its comments, editing and deleting (contract C, main; E, post, edit_post)."""

from datetime import datetime

import pytest

from app.extensions import db
from app.models import Comment, Post, User
from tests.web.page import Page, fields_of


@pytest.fixture
def post(make_post, ann):
    return make_post("The *post*", author=ann)


@pytest.fixture
def comments(app, make_comment, post, bob):
    app.config["FLASKY_COMMENTS_PER_PAGE"] = 2
    return [
        make_comment(
            f"Comment {number}", post=post, author=bob, timestamp=datetime(2024, 1, number)
        )
        for number in range(1, 6)
    ]


def comment_texts(response) -> list[str]:
    return Page.of(response).texts("div", class_="comment-body")


def test_the_page_shows_the_post_and_its_comments(client, post, make_comment, bob):
    make_comment("Well said", post=post, author=bob)
    page = Page.of(client.get(f"/post/{post.id}"))
    assert page.title == "Flasky - Post"
    assert page.first("div", class_="post-body").first("em").text == "post"
    heading = page.first("h4", id="comments")
    assert heading.text == "Comments"
    article = page.first("article", class_="comment")
    assert "bob" in article.texts("a", href="/user/bob")
    assert article.first("img", width="40")
    assert article.first("time")["data-moment"] == "fromNow"
    assert comment_texts(client.get(f"/post/{post.id}")) == ["Well said"]


@pytest.mark.parametrize("path", ["/post/999", "/post/x", "/post/-1", "/post/" + "9" * 30])
def test_a_post_that_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path, data={"body": "x"}).status_code == 404


def test_who_comments_on_a_post_that_is_gone_gets_the_text_back(browser_of, bob):
    written = "\nA line\n</textarea><script>alert(1)</script>"
    response = browser_of(bob).post("/post/999", data={"body": written})
    assert response.status_code == 404
    assert "<script>alert" not in response.text
    assert Page.of(response).first("textarea").raw_text.removeprefix("\n") == written
    assert "<textarea" not in browser_of(bob).get("/post/999").text


def test_an_address_that_does_not_exist_shows_nobody_elses_words(browser_of, bob):
    response = browser_of(bob).post("/no-such-page", data={"body": "Call this number"})
    assert response.status_code == 404
    assert "Call this number" not in response.text


def test_comments_come_oldest_first_in_pages(client, post, comments):
    assert comment_texts(client.get(f"/post/{post.id}")) == ["Comment 1", "Comment 2"]
    assert comment_texts(client.get(f"/post/{post.id}?page=3")) == ["Comment 5"]
    assert comment_texts(client.get(f"/post/{post.id}?page=-1")) == ["Comment 5"]
    assert comment_texts(client.get(f"/post/{post.id}?page=4")) == []
    for page in ("0", "-2", "x", ""):
        texts = comment_texts(client.get(f"/post/{post.id}?page={page}"))
        assert texts == ["Comment 1", "Comment 2"]


def test_the_last_page_of_no_comments_is_an_empty_one(client, post):
    response = client.get(f"/post/{post.id}?page=-1")
    assert (response.status_code, comment_texts(response)) == (200, [])


def test_comments_of_one_moment_have_one_order(app, client, post, make_comment):
    app.config["FLASKY_COMMENTS_PER_PAGE"] = 2
    for number in range(4):
        make_comment(str(number), post=post, timestamp=datetime(2024, 1, 1))
    pages = [comment_texts(client.get(f"/post/{post.id}?page={page}")) for page in (1, 2)]
    assert pages == [["0", "1"], ["2", "3"]]


def test_the_links_of_the_pager_lead_to_the_comments(client, post, comments):
    nav = Page.of(client.get(f"/post/{post.id}")).first("nav", class_="pager")
    hrefs = [link["href"] for link in nav.all("a")]
    assert f"/post/{post.id}?page=2#comments" in hrefs
    assert all(href.endswith("#comments") for href in hrefs)


def test_who_may_comment_finds_a_form_and_others_do_not(client, browser_of, post, bob):
    path = f"/post/{post.id}"
    assert "Submit" not in Page.of(client.get(path)).buttons
    form = Page.of(browser_of(bob).get(path)).form("Submit")
    assert "Enter your comment" in form.texts("label")
    assert form.first("input", name="body")["type"] == "text"
    bob.role.remove_permission(2)
    assert "Submit" not in Page.of(browser_of(bob).get(path)).buttons


def test_a_comment_is_published_and_shown_on_the_last_page(browser_of, post, comments, bob):
    browser = browser_of(bob)
    response = browser.post(f"/post/{post.id}", data={"body": "And **another** one"})
    assert (response.status_code, response.location) == (302, f"/post/{post.id}?page=-1")
    response = browser.get(response.location)
    assert Page.of(response).flashes == ["Your comment has been published."]
    assert comment_texts(response) == ["Comment 5", "And another one"]
    assert db.session.get(Post, post.id).comment_count == 6
    assert db.session.get(User, bob.id).comment_count == 6


def test_a_stranger_who_comments_is_asked_to_log_in(client, post):
    response = client.post(f"/post/{post.id}", data={"body": "x"})
    assert response.location == f"/auth/login?next=%2Fpost%2F{post.id}"
    assert db.session.query(Comment).count() == 0


def test_without_the_permission_nobody_comments(browser_of, post, bob):
    bob.role.remove_permission(2)
    assert browser_of(bob).post(f"/post/{post.id}", data={"body": "x"}).status_code == 403
    assert db.session.query(Comment).count() == 0


def test_nobody_comments_on_a_post_that_has_gone(browser_of, bob):
    assert browser_of(bob).post("/post/999", data={"body": "x"}).status_code == 404
    db.session.rollback()
    assert (db.session.query(Comment).count(), db.session.get(User, bob.id).comment_count) == (0, 0)


@pytest.mark.parametrize(("path", "most"), [("/", 4), ("/post/{}", 5)])
def test_writing_takes_few_statements(browser_of, post, bob, statements, path, most):
    browser, path = browser_of(bob), path.format(post.id)
    with statements() as seen:
        response = browser.post(path, data={"body": "x", "submission": "0" * 36})
    assert response.status_code == 302
    if db.engine.dialect.name == "postgresql":
        most = 2  # who it is, and all that is written
    assert len([text for text in seen if not text.startswith("BEGIN")]) == most


@pytest.mark.parametrize("body", ["", "   ", None])
def test_a_comment_without_text_is_refused(browser_of, post, bob, body):
    data = {} if body is None else {"body": body}
    response = browser_of(bob).post(f"/post/{post.id}", data=data)
    assert response.status_code == 200
    assert Page.of(response).errors("body") == ["This field is required."]


def test_a_comment_that_is_too_long_is_refused_and_kept(browser_of, post, bob):
    body = "x" * (8 * 1024 + 1)
    browser = browser_of(bob)
    response = browser.post(f"/post/{post.id}", data={"body": body})
    assert response.status_code == 200
    page = Page.of(response)
    assert page.errors("body") == ["This is too long by 1 bytes; up to 8 KB are fine."]
    assert fields_of(page.form("Submit"))["body"] == body
    assert browser.post(f"/post/{post.id}", data={"body": body[1:]}).status_code == 302


def test_the_same_form_sent_twice_makes_one_comment(browser_of, post, bob):
    browser = browser_of(bob)
    path = f"/post/{post.id}"
    form = {**fields_of(Page.of(browser.get(path)).form("Submit")), "body": "Once"}
    for _ in range(3):
        assert browser.post(path, data=form).location == f"{path}?page=-1"
    assert db.session.query(Comment).count() == 1
    assert db.session.get(Post, post.id).comment_count == 1


# --- The footer under a post ------------------------------------------------------------------


def labels(response) -> dict[str, str]:
    footer = Page.of(response).first("article", class_="post").first("footer")
    return {link.text: link["href"] for link in footer.all("a")}


def test_everybody_finds_permalink_and_comments(client, post, make_comment):
    for number in range(3):
        path = f"/post/{post.id}"
        for page in ("/", "/user/ann", path):
            assert labels(client.get(page)) == {
                "Permalink": path,
                f"{number} Comments": f"{path}#comments",
            }
        make_comment(post=post)


def test_authors_may_edit_their_own_and_administrators_any(browser_of, post, bob, administrator):
    path = f"/edit/{post.id}"
    assert labels(browser_of(post.author).get("/"))["Edit"] == path
    assert not {"Edit", "Edit [Admin]", "Delete"} & set(labels(browser_of(bob).get("/")))
    found = labels(browser_of(administrator).get("/"))
    assert found["Edit [Admin]"] == path
    assert "Edit" not in found


def test_an_administrator_edits_an_own_post_like_any_author(browser_of, administrator, make_post):
    make_post(author=administrator)
    found = labels(browser_of(administrator).get("/"))
    assert "Edit" in found
    assert "Edit [Admin]" not in found


def test_a_post_shows_picture_name_and_time_of_its_author(client, post):
    article = Page.of(client.get("/")).first("article", class_="post")
    assert article.first("img", width="40")["src"].startswith("/avatar/ann.svg")
    assert "ann" in article.texts("a", href="/user/ann")
    time = article.first("time")
    assert time["data-moment"] == "fromNow"
    assert time["data-refresh"] == "60000"


def test_a_text_that_was_never_rendered_is_shown_escaped(client, post):
    db.session.query(Post).update({"body": "<b>&</b>", "body_html": None})
    body = Page.of(client.get(f"/post/{post.id}")).first("div", class_="post-body")
    assert body.text == "<b>&</b>"
    assert body.all("b") == []


# --- Editing ----------------------------------------------------------------------------------


def test_the_form_holds_the_text(browser_of, post):
    page = Page.of(browser_of(post.author).get(f"/edit/{post.id}"))
    assert (page.title, page.heading) == ("Flasky - Edit Post", "Edit Post")
    assert fields_of(page.form("Submit"))["body"] == "The *post*"


def test_the_author_changes_a_post(browser_of, post):
    browser = browser_of(post.author)
    response = browser.post(f"/edit/{post.id}", data={"body": "A **better** one"})
    assert (response.status_code, response.location) == (302, f"/post/{post.id}")
    page = Page.of(browser.get(f"/post/{post.id}"))
    assert page.flashes == ["The post has been updated."]
    assert page.first("div", class_="post-body").first("strong").text == "better"
    assert "edited" in page.first("article", class_="post").first("header").text


def test_saving_a_post_unchanged_is_no_edit(browser_of, post):
    browser_of(post.author).post(f"/edit/{post.id}", data={"body": "The *post*"})
    assert db.session.get(Post, post.id).edited_at is None


def test_an_administrator_changes_any_post_and_it_stays_its_authors(
    browser_of, post, administrator
):
    response = browser_of(administrator).post(f"/edit/{post.id}", data={"body": "Better"})
    assert response.status_code == 302
    changed = db.session.get(Post, post.id)
    assert (changed.body, changed.author.username) == ("Better", "ann")


def test_others_change_nothing(client, browser_of, post, bob, moderator):
    path = f"/edit/{post.id}"
    assert client.get(path).location == f"/auth/login?next=%2Fedit%2F{post.id}"
    for user in (bob, moderator):
        browser = browser_of(user)
        assert browser.get(path).status_code == 403
        assert browser.post(path, data={"body": "x"}).status_code == 403
    post.author.role.remove_permission(4)
    assert browser_of(post.author).post(path, data={"body": "x"}).status_code == 403
    assert db.session.get(Post, post.id).body == "The *post*"


def test_a_post_that_is_not_there_cannot_be_edited(browser_of, ann):
    assert browser_of(ann).get("/edit/999").status_code == 404


@pytest.mark.parametrize("body", ["", " \n ", "x" * (64 * 1024 + 1)])
def test_a_failed_edit_keeps_the_post_and_what_was_typed(browser_of, post, body):
    response = browser_of(post.author).post(f"/edit/{post.id}", data={"body": body})
    assert response.status_code == 200
    assert fields_of(Page.of(response).form("Submit"))["body"] == body
    assert db.session.get(Post, post.id).body == "The *post*"


def test_an_edit_can_be_previewed(browser_of, post):
    form = {"body": "A *look*", "preview": "1"}
    page = Page.of(browser_of(post.author).post(f"/edit/{post.id}", data=form))
    assert page.first(class_="flask-pagedown-preview").first("em").text == "look"
    assert db.session.get(Post, post.id).body == "The *post*"


# --- Deleting ---------------------------------------------------------------------------------


def test_deleting_a_post_asks_first_and_takes_its_comments_along(
    browser_of, post, make_comment, bob, statements
):
    make_comment(post=post, author=bob)
    make_comment(author=bob)
    browser = browser_of(post.author)
    page = Page.of(browser.get(f"/post/{post.id}/delete"))
    assert page.title == "Flasky - Delete post"
    assert "The *post*" in page.text
    assert page.link("Keep it") == f"/post/{post.id}"
    assert db.session.get(Post, post.id) is not None
    post_id = post.id
    response = browser.post(f"/post/{post.id}/delete")
    assert (response.status_code, response.location) == (302, "/")
    assert Page.of(browser.get("/")).flashes == ["The post has been deleted."]
    assert browser.get(f"/post/{post_id}").status_code == 404
    assert db.session.query(Comment).count() == 1
    assert db.session.get(User, bob.id).comment_count == 1


def test_who_may_delete_a_post(client, browser_of, post, bob, moderator, administrator):
    path = f"/post/{post.id}/delete"
    assert client.post(path).status_code == 302
    for user in (bob, moderator):
        assert browser_of(user).get(path).status_code == 403
        assert browser_of(user).post(path).status_code == 403
    assert db.session.query(Post).count() == 1
    assert browser_of(administrator).post(path).location == "/"
    assert db.session.query(Post).count() == 0


def test_deleting_a_comment_asks_first(browser_of, post, make_comment, bob):
    comment = make_comment("Hm", post=post, author=bob)
    path = f"/comment/{comment.id}/delete"
    browser = browser_of(bob)
    page = Page.of(browser.get(path))
    assert page.title == "Flasky - Delete comment"
    assert "Hm" in page.text
    response = browser.post(path)
    assert (response.status_code, response.location) == (302, f"/post/{post.id}#comments")
    page = Page.of(browser.get(f"/post/{post.id}"))
    assert page.flashes == ["The comment has been deleted."]
    assert db.session.get(Post, post.id).comment_count == 0
    assert browser.get(path).status_code == 404


def test_who_may_delete_a_comment(client, browser_of, make_comment, ann, bob, moderator):
    comment = make_comment(author=bob)
    path = f"/comment/{comment.id}/delete"
    assert client.post(path).status_code == 302
    assert browser_of(ann).get(path).status_code == 403
    assert browser_of(ann).post(path).status_code == 403
    assert browser_of(comment.post.author).post(path).status_code == 403
    assert browser_of(moderator).post(path).status_code == 302
    assert db.session.query(Comment).count() == 0


def test_a_comment_that_hangs_on_no_post_can_be_deleted(browser_of, moderator):
    comment = Comment(body="Left over")
    db.session.add(comment)
    db.session.commit()
    response = browser_of(moderator).post(f"/comment/{comment.id}/delete")
    assert response.location == "/moderate"
    assert db.session.query(Comment).count() == 0


def test_nobody_is_offered_what_they_may_not_do(client, browser_of, make_comment, bob, moderator):
    comment = make_comment(author=bob)

    def offers(browser):
        article = Page.of(browser.get(f"/post/{comment.post_id}")).first(class_="comment")
        return "Delete" in article.texts("a")

    assert not offers(client)
    assert offers(browser_of(bob))
    assert offers(browser_of(moderator))
    assert not offers(browser_of(comment.post.author))
