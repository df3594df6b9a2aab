"""The routes of the contract: addresses, keys, statuses, errors."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.models import Comment, Permission, Post, Role, User

from .conftest import basic

API = "/api/v1"


@pytest.fixture
def anns(program_of, ann):
    return program_of(ann)


def test_a_post_is_written_read_and_changed(anns, ann):
    made = anns.post("/posts/", json={"body": "body of the *blog* post"})

    assert made.status_code == 201
    post_id = Post.query.one().id
    assert made.headers["Location"] == f"http://localhost{API}/posts/{post_id}"
    assert made.json == {
        "url": f"{API}/posts/{post_id}",
        "body": "body of the *blog* post",
        "body_html": "<p>body of the <em>blog</em> post</p>",
        "timestamp": made.json["timestamp"],
        "author_url": f"{API}/users/{ann.id}",
        "comments_url": f"{API}/posts/{post_id}/comments/",
        "comment_count": 0,
    }
    assert anns.get(made.headers["Location"].removeprefix("http://localhost")).json == made.json

    changed = anns.put(f"/posts/{post_id}", json={"body": "another"})
    assert changed.status_code == 200
    assert changed.json == {**made.json, "body": "another", "body_html": "<p>another</p>"}


def test_timestamps_are_http_dates(anns, make_post):
    post = make_post(timestamp=datetime(2013, 12, 22, 8, 30, 27, 999))
    assert anns.get(f"/posts/{post.id}").json["timestamp"] == "Sun, 22 Dec 2013 08:30:27 GMT"


def test_a_user_shows_neither_address_nor_role(anns, ann):
    answer = anns.get(f"/users/{ann.id}")
    assert answer.json == ann.to_json()
    assert sorted(answer.json) == [
        "followed_posts_url",
        "last_seen",
        "member_since",
        "post_count",
        "posts_url",
        "url",
        "username",
    ]


def test_comments_are_written_and_listed(anns, bob, make_post, make_comment):
    post = make_post()
    first = make_comment("first", post=post, timestamp=datetime(2024, 1, 1))
    made = anns.post(f"/posts/{post.id}/comments/", json={"body": "nice"})

    assert made.status_code == 201
    assert made.headers["Location"].endswith(made.json["url"])
    assert made.json["post_url"] == f"{API}/posts/{post.id}"
    assert made.json["body_html"] == "nice"

    under = anns.get(f"/posts/{post.id}/comments/").json
    assert [comment["body"] for comment in under["comments"]] == ["first", "nice"]
    assert under["count"] == 2
    everywhere = anns.get("/comments/").json
    assert [comment["body"] for comment in everywhere["comments"]] == ["nice", "first"]
    assert anns.get(f"/comments/{first.id}").json == first.to_json()


def test_collections_have_pages(app, anns, ann, make_post):
    app.config["FLASKY_POSTS_PER_PAGE"] = 2
    for number in range(3):
        make_post(f"post {number}", author=ann)

    for path in ("/posts/", f"/users/{ann.id}/posts/", f"/users/{ann.id}/timeline/"):
        first = anns.get(path).json
        assert [post["body"] for post in first["posts"]] == ["post 2", "post 1"]
        assert first["prev"] is first["prev_url"] is None
        assert first["next"] == first["next_url"] == f"{API}{path}?page=2"
        assert first["count"] == 3
        second = anns.get(first["next_url"]).json
        assert [post["body"] for post in second["posts"]] == ["post 0"]
        assert second["prev"] == second["prev_url"] == f"{API}{path}?page=1"
        assert second["next"] is second["next_url"] is None
        assert anns.get(f"{path}?page=9").json["posts"] == []
        assert anns.get(f"{path}?page=word").json == first


def test_the_timeline_shows_whom_one_follows(anns, ann, bob, make_post):
    make_post("by bob", author=bob)
    make_post("by a stranger")
    ann.follow(bob)
    assert [post["body"] for post in anns.get(f"/users/{ann.id}/timeline/").json["posts"]] == [
        "by bob"
    ]


# --- Signing in ------------------------------------------------------------------------------


def assert_unauthorized(answer):
    assert answer.status_code == 401
    assert answer.json == {"error": "unauthorized", "message": "Invalid credentials"}
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Authentication Required"'


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        basic("", ""),
        basic("ann@example.com", "wrong"),
        basic("nobody@example.com", "cat"),
        basic("ann@example.com\0", "cat"),
        basic("not-a-token", ""),
        "Basic x",
        "Basic",
        "Bearer",
        "Bearer fb_x",
        "Digest x",
    ],
)
def test_without_good_credentials_nothing_is_shown(client, ann, authorization):
    headers = {"Authorization": authorization} if authorization else {}
    assert_unauthorized(client.get(f"{API}/posts/", headers=headers))


def test_the_address_may_be_typed_in_any_case(client, ann):
    headers = {"Authorization": basic("ANN@Example.COM", "cat")}
    assert client.get(f"{API}/posts/", headers=headers).status_code == 200


def test_a_token_stands_in_for_the_password(client, anns, program_of, ann):
    answer = anns.post("/tokens/")
    assert answer.status_code == 200
    assert answer.json == {"token": answer.json["token"], "expiration": 3600}
    token = answer.json["token"]

    by_name = {"Authorization": basic(token, "")}
    assert client.get(f"{API}/posts/", headers=by_name).status_code == 200
    assert program_of(token=token).get("/posts/").status_code == 200
    assert_unauthorized(client.post(f"{API}/tokens/", headers=by_name))


def test_a_cookie_opens_nothing(browser_of, ann):
    assert_unauthorized(browser_of(ann).get(f"{API}/posts/"))


def test_an_unconfirmed_account_is_told_so(program_of, make_user):
    answer = program_of(make_user("new", confirmed=False)).get("/posts/")
    assert answer.status_code == 403
    assert answer.json == {"error": "forbidden", "message": "Unconfirmed account"}


def test_a_context_that_outlives_a_request_does_not_keep_who_asked(app, ann, bob):
    """A shell pushes a context and keeps it; whoever asks next must not be taken for the last."""
    client = FlaskClient(app, app.response_class)
    for user in (ann, bob):
        headers = {"Authorization": basic(user.email, "cat")}
        made = client.post(f"{API}/posts/", json={"body": "x"}, headers=headers)
        assert made.json["author_url"] == f"{API}/users/{user.id}"


# --- Rights ----------------------------------------------------------------------------------


def assert_forbidden(answer):
    assert answer.status_code == 403
    assert answer.json == {"error": "forbidden", "message": "Insufficient permissions"}


def test_who_may_not_write_writes_nothing(program_of, make_user, make_post):
    post, mute = make_post(), make_user("mute")
    mute.role = Role(name="Mute", permissions=Permission.FOLLOW)
    program = program_of(mute)
    assert_forbidden(program.post("/posts/", json={"body": "x"}))
    assert_forbidden(program.post(f"/posts/{post.id}/comments/", json={"body": "x"}))
    assert_forbidden(program.put(f"/posts/{post.id}", json={"body": "x"}))
    assert Post.query.count() == 1
    assert Comment.query.count() == 0


def test_only_the_author_and_administrators_change_a_post(
    program_of, ann, bob, moderator, administrator, make_post
):
    post = make_post(author=ann)
    for other in (bob, moderator):
        assert_forbidden(program_of(other).put(f"/posts/{post.id}", json={"body": "x"}))
    for owner in (ann, administrator):
        answer = program_of(owner).put(f"/posts/{post.id}", json={"body": owner.username})
        assert answer.json["body"] == owner.username


# --- What is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("body", [{}, {"body": None}, {"body": ""}, {"body": " \n"}, {"body": 5}])
@pytest.mark.parametrize("what", ["post", "comment"])
def test_a_text_must_be_text(anns, make_post, body, what):
    path = "/posts/" if what == "post" else f"/posts/{make_post().id}/comments/"
    answer = anns.post(path, json=body)
    assert answer.status_code == 400
    message = f"{what} does not have a body"
    assert answer.json == {
        "error": "bad request",
        "message": message,
        "fields": {"body": [message]},
    }


def test_a_change_without_body_changes_nothing(anns, ann, make_post):
    post = make_post("as it was", author=ann)
    for nothing in ({}, {"title": "x"}):
        assert anns.put(f"/posts/{post.id}", json=nothing).json["body"] == "as it was"
    for empty in ("", None, " "):
        assert anns.put(f"/posts/{post.id}", json={"body": empty}).status_code == 400
    assert Post.query.one().body == "as it was"


def test_unknown_keys_change_nothing(anns, ann, bob, make_post):
    columns = [column.key for model in (Post, User) for column in model.__table__.columns]
    extra = dict.fromkeys(columns, 1) | {"body": "hello"}
    made = anns.post("/posts/", json=extra).json
    assert made["author_url"] == f"{API}/users/{ann.id}"
    assert made["comment_count"] == 0
    post = Post.query.one()
    assert anns.put(f"/posts/{post.id}", json={**extra, "author_id": bob.id}).status_code == 200
    assert Post.query.one().author_id == ann.id


def test_an_unknown_address_needs_no_credentials(stranger):
    answer = stranger.get("/nothing")
    assert answer.status_code == 404
    assert answer.json["error"] == "not found"


@pytest.mark.parametrize("path", ["/posts/9", "/comments/9", "/users/9", "/posts/9/comments/"])
def test_what_is_not_there_is_not_found(anns, path):
    answer = anns.get(path)
    assert answer.status_code == 404
    assert answer.json["error"] == "not found"


def test_a_collection_without_its_slash_redirects(stranger):
    answer = stranger.get("/posts")
    assert answer.status_code == 308
    assert re.search(f"{API}/posts/$", answer.headers["Location"])


def test_a_method_that_is_not_there_is_named(anns):
    answer = anns.open("PATCH", "/posts/")
    assert answer.status_code == 405
    assert answer.json["error"] == "method not allowed"
    assert "POST" in answer.headers["Allow"]


def test_the_text_of_a_disabled_comment_is_shown_to_nobody(
    program_of, ann, moderator, make_comment
):
    comment = make_comment("canary", author=ann, disabled=True)
    for reader in (ann, moderator):
        program = program_of(reader)
        for path in (
            "/comments/",
            f"/comments/{comment.id}",
            f"/posts/{comment.post_id}/comments/",
        ):
            answer = program.get(path)
            assert "canary" not in answer.text
            assert '"disabled":true' in answer.text


def test_a_list_costs_at_most_four_statements(anns, make_post, statements, program_of, ann):
    token = ann.make_token("t", ["read"])[1]
    for _ in range(30):
        make_post()
    anns.get("/me")  # a password that is new to the process costs one more
    for program in (anns, program_of(token=token)):
        for query in ("", "?per_page=100", "?after=", "?page=2"):
            with statements() as seen:
                assert program.get(f"/posts/{query}").status_code == 200
            queries = [text for text in seen if not text.startswith(("BEGIN", "COMMIT"))]
            assert len(queries) <= 4, queries


def test_reading_writes_nothing(anns, ann, make_post, statements):
    make_post(author=ann)
    for path in ("/posts/", "/me", f"/users/{ann.id}/followers/", "/openapi.json", "/me/tokens/"):
        with statements() as seen:
            assert anns.get(path).status_code == 200
        assert not [text for text in seen if text.startswith(("INSERT", "UPDATE", "DELETE"))]
