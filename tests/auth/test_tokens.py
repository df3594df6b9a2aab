"""The page on which people make tokens for their programs."""

import re

from app.extensions import db
from app.models import ApiToken

FORM = {"name": "a script", "scopes": ["read", "write"], "days": "7", "password": "cat"}


def test_a_token_is_shown_once_and_works(browser_of, client, ann):
    browser = browser_of(ann)
    page = browser.post("/auth/tokens", data=FORM).text
    token = re.search(r"fb_[\w-]{40}", page).group()
    assert token not in browser.get("/auth/tokens").text
    assert "a script" in browser.get("/auth/tokens").text

    headers = {"Authorization": f"Bearer {token}"}
    made = client.post("/api/v1/posts/", json={"body": "x"}, headers=headers)
    assert made.status_code == 201


def test_only_a_digest_is_kept(browser_of, ann):
    page = browser_of(ann).post("/auth/tokens", data=FORM).text
    token = re.search(r"fb_[\w-]{40}", page).group()
    row = db.session.execute(db.select(ApiToken.__table__)).one()
    assert token not in str(row)


def test_a_revoked_token_works_no_longer(browser_of, client, ann):
    row, token = ann.make_token("t", ["read"])
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    browser_of(ann).post(f"/auth/tokens/{row.id}/revoke")
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_nobody_revokes_the_token_of_somebody_else(browser_of, ann, bob):
    row, _ = ann.make_token("t", ["read"])
    browser_of(bob).post(f"/auth/tokens/{row.id}/revoke")
    assert ApiToken.query.count() == 1


def test_a_token_asks_for_the_password_and_a_scope(browser_of, ann):
    browser = browser_of(ann)
    assert "Invalid password." in browser.post("/auth/tokens", data=FORM | {"password": "no"}).text
    assert browser.post("/auth/tokens", data=FORM | {"scopes": []}).status_code == 200
    assert browser.post("/auth/tokens", data=FORM | {"scopes": ["all"]}).status_code == 200
    assert ApiToken.query.count() == 0


def test_there_is_an_end_to_how_many_tokens_one_keeps(browser_of, ann):
    for number in range(50):
        ann.make_token(str(number), ["read"])
    assert "too many tokens" in browser_of(ann).post("/auth/tokens", data=FORM).text
    assert ApiToken.query.count() == 50


def test_all_tokens_end_with_the_password(browser_of, client, ann):
    tokens = [ann.make_token("t", ["read"])[1], ann.generate_auth_token(3600)]
    form = {"old_password": "cat", "password": "a new dog", "password2": "a new dog"}
    browser_of(ann).post("/auth/change-password", data=form)
    for token in tokens:
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/me", headers=headers).status_code == 401
