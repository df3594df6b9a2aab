"""Posts and comments whose JSON is written once: nobody is told what was true before."""

import pytest

from app.api import kept
from app.extensions import db
from app.models import Post
from app.web.fragments import Kept
from app.web.kept_pages import KeptPages


@pytest.fixture
def program(program_of, ann):
    return program_of(ann)


@pytest.fixture
def lists(ann, make_post, make_comment, bob):
    """Every list that holds a post by ann, with a comment by bob, or that comment."""
    post = make_post("a *post*", author=ann)
    make_comment("a `comment`", post=post, author=bob)
    db.session.commit()
    return {
        "posts": ["/posts/", f"/users/{ann.id}/posts/", f"/users/{ann.id}/timeline/"],
        "comments": ["/comments/", f"/posts/{post.id}/comments/"],
    }


def in_order(records):
    return sorted(records, key=lambda record: record["url"])


@pytest.fixture
def told(program, lists):
    """Return what each list tells, by page and by cursor, and compare it with the records."""

    def tell(kind):
        paths = [path + query for path in lists[kind] for query in ("", "?after=")]
        first, *others = (in_order(program.get(path).json[kind]) for path in paths)
        assert others == [first] * len(others)
        assert first == [program.get(record["url"]).json for record in first]
        return first

    return tell


def test_a_text_is_read_from_the_database_once(program, lists, statements):
    for kind, paths in lists.items():
        asked = []
        for path in paths * 2:
            with statements() as seen:
                assert program.get(path).status_code == 200
            asked += [text for text in seen if f"{kind}.body_html" in text]
        assert len(asked) == 1


def test_a_post_that_was_edited_shows_at_once(program, told):
    (before,) = told("posts")
    assert program.put(before["url"], json={"body": "*changed*"}).status_code == 200
    (after,) = told("posts")
    assert after == before | {"body": "*changed*", "body_html": "<p><em>changed</em></p>"}


def test_a_new_comment_is_counted_at_once(program, told):
    (before,) = told("posts")
    assert before["comment_count"] == 1
    assert program.post(before["comments_url"], json={"body": "x"}).status_code == 201
    assert told("posts") == [before | {"comment_count": 2}]
    assert len({comment["body"] for comment in told("comments")}) == 2


def test_a_disabled_comment_is_hidden_at_once_and_shown_again(program_of, moderator, told):
    (shown,) = told("comments")
    for word, expected in (
        ("disable", shown | {"disabled": True, "body": None, "body_html": None}),
        ("enable", shown),
    ):
        assert program_of(moderator).post(f"{shown['url']}/{word}").status_code == 200
        assert told("comments") == [expected]


def test_a_new_name_of_an_author_shows_wherever_there_are_names(program, told, ann):
    before = told("posts"), told("comments")
    ann.username = "anna"
    db.session.commit()
    assert (told("posts"), told("comments")) == before
    assert program.get(before[0][0]["author_url"]).json["username"] == "anna"


@pytest.mark.parametrize("kind", ["posts", "comments"])
def test_what_was_deleted_is_gone_at_once(program_of, administrator, told, kind):
    (record,) = told(kind)
    assert program_of(administrator).delete(record["url"]).status_code == 204
    assert told(kind) == []


def test_with_nothing_kept_answers_are_the_same(app, program, lists, monkeypatch):
    paths = [path for paths in lists.values() for path in paths]
    whole = [program.get(path).data for path in paths * 2]
    monkeypatch.setitem(app.extensions, "fragments", Kept(0))
    assert [program.get(path).data for path in paths * 2] == whole


def test_a_post_that_is_deleted_while_the_list_is_made_is_left_out(program, make_post, monkeypatch):
    make_post("here"), make_post("gone")
    without = kept.Kind(
        "posts",
        kept.POSTS.versions,
        lambda ids: kept.POSTS.with_ids(ids).where(Post.body != "gone"),
        kept.POSTS.schema,
    )
    monkeypatch.setattr("app.api.posts.POSTS", without)
    assert [post["body"] for post in program.get("/posts/").json["posts"]] == ["here"]


def test_who_changes_a_list_sees_it_at_once_and_others_do_not_ask_again(
    app, program_of, ann, bob, make_post, statements, monkeypatch
):
    monkeypatch.setitem(app.config, "FLASKY_KEPT_LISTS", 60)
    monkeypatch.setitem(app.extensions, "pages", KeptPages(60))
    post = make_post("before", author=ann)
    url = f"/posts/{post.id}"
    for program in (program_of(bob), program_of(ann)):
        assert [row["body"] for row in program.get("/posts/").json["posts"]] == ["before"]
    assert program.put(url, json={"body": "afterwards"}).status_code == 200
    assert [row["body"] for row in program.get("/posts/").json["posts"]] == ["afterwards"]
    with statements() as seen:
        answer = program_of(bob).get("/posts/")
    assert [row["body"] for row in answer.json["posts"]] == ["afterwards"]
    assert not [text for text in seen if "posts." in text]
