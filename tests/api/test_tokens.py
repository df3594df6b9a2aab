"""Tokens with scopes: what each may do, and when it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.jobs.presence import write_down
from app.lib.clock import utcnow
from app.models import ApiToken, Comment, Role, User
from app.models.api_token import SCOPES


@pytest.fixture
def operations(app):
    """Every operation: method, address with numbers filled in, and who may ask for it."""

    def listed(ids: dict):
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if not rule.endpoint.startswith("api."):
                continue
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                what = rule.rule.split("/")[3]
                path = rule.rule.replace("<int:id>", str(ids.get(what, 1)))
                path = path.replace("<string(maxlength=64):username>", "adm")
                yield method, path, app.view_functions[rule.endpoint].needs

    return listed


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_opens_what_its_scope_says_and_nothing_else(
    program_of, administrator, make_comment, operations, scope
):
    """The owner may do everything, so each refusal is the token's."""
    comment = make_comment()
    ids = {"posts": comment.post_id, "comments": comment.id, "users": administrator.id, "me": 99}
    program = program_of(token=administrator.make_token("t", [scope])[1])
    wrong = []
    for method, path, needed in operations(ids):
        answer = program.open(method, path, json={} if method in ("POST", "PUT") else None)
        is_anothers = method in ("PUT", "DELETE") and path.split("/")[3] in ("posts", "comments")
        if needed.scope is None:
            expected = answer.status_code not in (401, 403)
        elif needed.password:
            expected = answer.status_code == 401
        elif needed.scope != scope or is_anothers:
            expected = answer.status_code == 403
        else:
            expected = answer.status_code not in (401, 403)
        if not expected:
            wrong.append((method, path, answer.status_code))
    assert not wrong


def test_a_writing_token_lends_no_power_over_others(program_of, administrator, make_comment):
    comment = make_comment("hers")
    token = administrator.make_token("t", ["read", "write"])[1]
    program = program_of(token=token)
    assert program.put(f"/posts/{comment.post_id}", json={"body": "x"}).status_code == 403
    assert program.delete(f"/posts/{comment.post_id}").status_code == 403
    assert program.delete(f"/comments/{comment.id}").status_code == 403
    assert Comment.query.count() == 1


def test_a_demoted_owner_takes_the_token_along(program_of, moderator, make_comment):
    comment = make_comment()
    program = program_of(token=moderator.make_token("t", list(SCOPES))[1])
    assert program.post(f"/comments/{comment.id}/disable").status_code == 200
    assert program.get(f"/users/{moderator.id}/account").status_code == 403
    moderator.role = Role.named("User")
    assert program.post(f"/comments/{comment.id}/enable").status_code == 403
    assert program.post("/posts/", json={"body": "x"}).status_code == 201


def test_a_token_is_made_listed_and_revoked(program_of, ann):
    anns = program_of(ann)
    wanted = {"name": "a script", "scopes": ["write", "read"], "days": 7}
    made = anns.post("/me/tokens/", json=wanted)
    assert made.status_code == 201
    assert made.json["scopes"] == ["read", "write"]
    assert made.json["last_used_at"] is None
    assert made.headers["Cache-Control"] == "no-store"

    program = program_of(token=made.json["token"])
    assert program.get("/me").json["username"] == "ann"
    write_down()
    (listed,) = program.get("/me/tokens/").json["tokens"]
    assert listed["last_used_at"]
    assert "token" not in listed
    assert program.delete(listed["url"]).status_code == 204
    assert program.get("/me").status_code == 401


def test_no_token_makes_another(program_of, ann):
    program = program_of(token=ann.make_token("t", list(SCOPES))[1])
    assert program.post("/me/tokens/", json={"name": "x", "scopes": ["read"]}).status_code == 401
    assert program.post("/tokens/").status_code == 401


def test_nobody_revokes_the_token_of_somebody_else(program_of, ann, bob):
    row, _ = ann.make_token("t", ["read"])
    assert program_of(bob).delete(f"/me/tokens/{row.id}").status_code == 404
    assert ApiToken.query.count() == 1


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "x"},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["all"]},
        {"name": "x", "scopes": "read"},
        {"name": "", "scopes": ["read"]},
        {"name": "x", "scopes": ["read"], "days": 366},
        {"name": "x", "scopes": ["read"], "days": "7"},
        {"name": "x", "scopes": ["read"], "days": True},
    ],
)
def test_a_token_must_be_described_properly(program_of, ann, wanted):
    answer = program_of(ann).post("/me/tokens/", json=wanted)
    assert answer.status_code == 400
    assert answer.json["fields"]
    assert ApiToken.query.count() == 0


def test_a_token_has_an_end(program_of, ann):
    row, token = ann.make_token("t", ["read"], days=1)
    row.expires_at = utcnow() - timedelta(seconds=1)
    assert program_of(token=token).get("/me").status_code == 401


def test_a_changed_password_ends_all_tokens(program_of, ann):
    named, short = ann.make_token("t", ["read"])[1], ann.generate_auth_token(3600)
    answer = program_of(ann).put("/me/password", json={"password": "a new dog"})
    assert answer.status_code == 200
    for token in (named, short):
        assert program_of(token=token).get("/me").status_code == 401
    assert program_of(ann).get("/me").status_code == 401
    assert program_of(ann, password="a new dog").get("/me").status_code == 200


def test_the_table_opens_nothing(ann):
    token = ann.make_token("t", ["read"])[1]
    db.session.commit()
    tables = [db.session.execute(select(model.__table__)).all() for model in (ApiToken, User)]
    assert token not in str(tables)
