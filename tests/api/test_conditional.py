"""Reading again what is still the same, and not writing over what is not."""

import pytest

from app.models import Comment, Post


@pytest.fixture
def anns(program_of, ann):
    return program_of(ann)


def test_every_read_has_a_tag_and_is_not_sent_twice(app, anns, ann, make_comment):
    comment = make_comment(author=ann)
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("api.") or "GET" not in rule.methods:
            continue
        needed = app.view_functions[rule.endpoint].needs
        if needed.scope not in (None, "read"):
            continue
        path = rule.rule.replace("<string(maxlength=64):username>", "ann")
        path = path.replace("<int:id>", str(comment.id if "comments/<" in path else ann.id))
        path = path.replace(f"/posts/{ann.id}", f"/posts/{comment.post_id}")
        answer = anns.get(path)
        assert answer.status_code == 200, path
        again = anns.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path


def test_a_list_changes_its_tag_when_a_row_arrives(anns, make_post):
    before = anns.get("/posts/").headers["ETag"]
    make_post()
    again = anns.get("/posts/", headers={"If-None-Match": before})
    assert again.status_code == 200
    assert again.headers["ETag"] != before


def test_the_second_of_two_editors_is_told(anns, ann, make_post):
    post = make_post("as it was", author=ann)
    seen = anns.get(f"/posts/{post.id}").headers["ETag"]
    first = anns.put(f"/posts/{post.id}", json={"body": "one"}, headers={"If-Match": seen})
    assert first.status_code == 200
    second = anns.put(f"/posts/{post.id}", json={"body": "two"}, headers={"If-Match": seen})
    assert second.status_code == 412
    assert second.json["error"] == "precondition failed"
    assert anns.delete(f"/posts/{post.id}", headers={"If-Match": seen}).status_code == 412
    assert Post.query.one().body == "one"
    tag = first.headers["ETag"]
    assert anns.delete(f"/posts/{post.id}", headers={"If-Match": tag}).status_code == 204


def test_any_version_will_do_without_if_match_or_with_a_star(anns, ann, make_post):
    post = make_post(author=ann)
    for headers in ({}, {"If-Match": "*"}):
        assert anns.put(f"/posts/{post.id}", json={"body": "x"}, headers=headers).status_code == 200


def test_the_tag_of_a_new_post_is_that_of_its_address(anns):
    made = anns.post("/posts/", json={"body": "x"})
    assert made.headers["ETag"] == anns.get(made.json["url"]).headers["ETag"]


@pytest.mark.parametrize("path", ["/comments/{comment}", "/users/{bob}/follow", "/me"])
def test_a_stale_delete_deletes_nothing(anns, ann, bob, make_comment, path):
    comment = make_comment(author=ann)
    path = path.format(comment=comment.id, bob=bob.id)
    answer = anns.delete(path, headers={"If-Match": '"of yesterday"'})
    assert answer.status_code == 412
    assert Comment.query.count() == 1


def test_a_stale_profile_is_not_written(program_of, administrator, bob):
    program = program_of(administrator)
    for path in ("/me", f"/users/{bob.id}/account", f"/users/{bob.id}/follow"):
        assert program.put(path, json={}, headers={"If-Match": '"x"'}).status_code == 412
        tag = program.get(path).headers["ETag"]
        answer = program.put(path, json={}, headers={"If-Match": tag})
        assert answer.status_code == 200
        assert answer.headers["ETag"] == program.get(path).headers["ETag"]
