"""Whatever is wrong, the answer is JSON of one shape."""

import json

import pytest

from app.models import Post

DEEP = json.dumps(json.loads("[" * 33 + "]" * 33))
ABYSS = '{"body":' * 100_000
JSON = "application/json"


@pytest.fixture
def anns(program_of, ann):
    return program_of(ann)


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", JSON, 400),
        (b"", JSON, 400),
        (b"null", JSON, 400),
        (b"5", JSON, 400),
        (b"[]", JSON, 400),
        (b'"body"', JSON, 400),
        (b"NaN", JSON, 400),
        (b'{"body": NaN}', JSON, 400),
        (b'{"body": 1e999}', JSON, 400),
        (b'{"body": ' + b"9" * 5000 + b"}", JSON, 400),
        (b'{"body": "\xff"}', JSON, 400),
        (b'{"body": "\\u0000"}', JSON, 400),
        (b'{"body": "\\u0007"}', JSON, 400),
        (b'{"body": "\\ud800"}', JSON, 400),
        (b'{"body": {"a": 1}}', JSON, 400),
        (b'{"body": ["a"]}', JSON, 400),
        (b'{"body": "x", "y": ' + DEEP.encode() + b"}", JSON, 400),
        (ABYSS.encode(), JSON, 400),
        (b'{"body": "x"}', "text/plain", 415),
        (b'{"body": "x"}', None, 415),
        (b"body=x", "application/x-www-form-urlencoded", 415),
        (b'{"body": "' + b"x" * 70_000 + b'"}', JSON, 400),
        (b'{"body": "' + b"x" * 2**20 + b'"}', JSON, 413),
    ],
)
def test_a_body_that_is_no_good_is_refused(anns, data, kind, status):
    answer = anns.post("/posts/", data=data, content_type=kind)
    assert answer.status_code == status
    assert answer.mimetype == JSON
    assert set(answer.json) <= {"error", "message", "fields"}
    assert {"error", "message"} <= set(answer.json)
    assert Post.query.count() == 0


def test_what_is_just_fine_is_taken(anns):
    odd = b'{"body": "x", "\\ud800": ["\\u0000"]}'  # ignored, so it may be anything
    assert anns.post("/posts/", data=odd, content_type=JSON).status_code == 201
    for kind in (JSON, "application/json; charset=utf-8", "application/merge-patch+json"):
        assert anns.post("/posts/", data=b'{"body": "x"}', content_type=kind).status_code == 201


@pytest.mark.parametrize("accept", [None, "text/html", "*/*", "application/json"])
def test_errors_are_json_whatever_is_accepted(stranger, accept):
    headers = {"Accept": accept} if accept else {}
    for path in ("/nothing", "/posts/"):
        assert stranger.get(path, headers=headers).json["error"]
    assert stranger.get("/api/", headers=headers).json["error"] == "not found"


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999", "-1", "1.5"])
def test_a_number_that_is_no_id_is_not_found(anns, number):
    assert anns.get(f"/posts/{number}").json["error"] == "not found"


def test_a_fault_of_ours_says_nothing_of_it(app, anns, monkeypatch):
    def fail():
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("app.api.posts.latest_posts", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = anns.get("/posts/")
    assert answer.status_code == 500
    assert answer.json["error"] == "internal server error"
    assert "secret" not in answer.text


def test_too_many_tries_of_a_password_are_refused_as_json(app, program_of, ann):
    app.config["RATELIMIT_ENABLED"] = True
    app.config["FLASKY_LIMIT_LOGIN_ACCOUNT"] = "3 per 5 minutes"
    wrong = program_of(ann, password="wrong")
    assert [wrong.get("/me").status_code for _ in range(4)] == [401, 401, 401, 429]
    answer = program_of(ann).get("/me")
    assert answer.status_code == 429
    assert answer.json["error"] == "too many requests"
    assert int(answer.headers["Retry-After"]) > 0


def test_no_answer_sets_a_cookie(anns, stranger):
    for answer in (anns.get("/me"), anns.post("/posts/", json={"body": "x"}), stranger.get("/me")):
        assert "Set-Cookie" not in answer.headers
        assert "Authorization" in answer.headers["Vary"]
