"""Asking again: the same key and body act once, and get the same answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.jobs.upkeep import tidy
from app.lib.clock import utcnow
from app.models import IdempotencyKey, Post, User

KEY = {"Idempotency-Key": "7b2a"}


@pytest.fixture
def anns(program_of, ann):
    return program_of(ann)


def test_a_post_sent_twice_is_one_post(anns):
    first = anns.post("/posts/", json={"body": "once"}, headers=KEY)
    again = anns.post("/posts/", json={"body": "once"}, headers=KEY)
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Post.query.count() == 1


def test_the_answer_outlives_what_it_is_about(anns):
    first = anns.post("/posts/", json={"body": "once"}, headers=KEY)
    anns.delete(first.json["url"])
    assert anns.post("/posts/", json={"body": "once"}, headers=KEY).json == first.json
    assert Post.query.count() == 0


def test_another_body_under_the_same_key_is_refused(anns):
    anns.post("/posts/", json={"body": "once"}, headers=KEY)
    answer = anns.post("/posts/", json={"body": "twice"}, headers=KEY)
    assert answer.status_code == 409
    assert answer.json["error"] == "conflict"
    assert anns.post("/tokens/", headers=KEY).status_code == 409
    assert Post.query.count() == 1


def test_keys_are_each_persons_own(anns, program_of, bob):
    for program in (anns, program_of(bob)):
        assert program.post("/posts/", json={"body": "x"}, headers=KEY).status_code == 201
    assert Post.query.count() == 2


def test_keys_differ_by_case(anns):
    for key in ("a", "A"):
        anns.post("/posts/", json={"body": "x"}, headers={"Idempotency-Key": key})
    assert Post.query.count() == 2


def test_a_refused_request_uses_up_no_key(anns):
    assert anns.post("/posts/", json={"body": ""}, headers=KEY).status_code == 400
    assert anns.post("/posts/", json={"body": "x"}, headers=KEY).status_code == 201


def test_strangers_may_ask_again_too(stranger):
    form = {"email": "new@example.com", "username": "newcomer", "password": "cat"}
    answers = [stranger.post("/users/", json=form, headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json == answers[1].json
    assert User.query.count() == 1


def test_no_token_can_be_read_from_the_answers_that_are_kept(anns):
    wanted = {"name": "t", "scopes": ["read"]}
    first = anns.post("/me/tokens/", json=wanted, headers=KEY)
    assert anns.post("/me/tokens/", json=wanted, headers=KEY).json == first.json
    kept = db.session.execute(select(IdempotencyKey.__table__)).all()
    assert first.json["token"] not in str(kept)


def test_answers_are_kept_for_a_day(anns):
    anns.post("/posts/", json={"body": "x"}, headers=KEY)
    IdempotencyKey.query.update({"created_at": utcnow() - timedelta(hours=23)})
    tidy()
    assert anns.post("/posts/", json={"body": "y"}, headers=KEY).status_code == 409
    IdempotencyKey.query.update({"created_at": utcnow() - timedelta(hours=25)})
    assert anns.post("/posts/", json={"body": "y"}, headers=KEY).status_code == 201
    IdempotencyKey.query.update({"created_at": utcnow() - timedelta(hours=25)})
    tidy()
    assert IdempotencyKey.query.count() == 0


def test_a_replaced_secret_refuses_instead_of_answering_nonsense(app, anns):
    anns.post("/posts/", json={"body": "x"}, headers=KEY)
    app.config["SECRET_KEY"] = "another"
    assert anns.post("/posts/", json={"body": "x"}, headers=KEY).status_code == 409


@pytest.mark.parametrize("key", ["", " ", "two words", "x" * 256, "ä"])
def test_a_key_is_visible_ascii(anns, key):
    answer = anns.post("/posts/", json={"body": "x"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 400
    assert Post.query.count() == 0
