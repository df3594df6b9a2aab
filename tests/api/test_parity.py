"""What a person can do in the browser, a program can do with the API."""

import pytest

from .conftest import basic

# Which operation does what a form of the site does. A new form without a line here fails.
OPERATIONS = {
    "main.index": "new_post",
    "main.post": "new_post_comment",
    "main.edit": "edit_post",
    "main.delete_post": "delete_post",
    "main.delete_comment": "delete_comment",
    "main.follow": "follow",
    "main.unfollow": "unfollow",
    "main.edit_profile": "edit_me",
    "main.edit_profile_admin": "edit_account",
    "main.moderate_enable": "enable_comment",
    "main.moderate_disable": "disable_comment",
    "auth.login": "get_token",
    "auth.logout": "revoke_token",
    "auth.register": "new_user",
    "auth.confirm": "confirm",
    "auth.resend_confirmation": "resend_confirmation",
    "auth.change_password": "change_password",
    "auth.password_reset_request": "request_password_reset",
    "auth.password_reset": "reset_password",
    "auth.change_email_request": "request_email_change",
    "auth.change_email": "change_email",
    "auth.end_session": "end_session",
    "auth.end_other_sessions": "end_sessions",
    "auth.delete_account": "delete_me",
    "auth.tokens": "new_token",
    "auth.revoke_token": "revoke_token",
}
# What a form does besides, under another button or with another field.
MORE = {"main.edit_profile": {"replace_picture", "remove_picture"}}
# Forms that change nothing but a cookie of the browser, or nothing at all.
NOTHING_KEPT = {"main.show_all", "main.show_followed", "main.appearance", "main.preview"}


def changes_something(app, rule) -> bool:
    view = app.view_functions[rule.endpoint]
    unsafe = rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    return bool(unsafe) or getattr(view, "writes_on_get", False)


def test_every_form_of_the_site_has_an_operation(app):
    forms = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if changes_something(app, rule) and not rule.endpoint.startswith("api.")
    }
    assert forms - NOTHING_KEPT == set(OPERATIONS)
    for operation in set(OPERATIONS.values()).union(*MORE.values()):
        view = app.view_functions[f"api.{operation}"]
        assert view.commits, operation


def test_every_operation_that_changes_something_commits_and_no_other(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            view = app.view_functions[rule.endpoint]
            is_change = not rule.methods <= {"GET", "HEAD", "OPTIONS"}
            assert getattr(view, "commits", False) == is_change, rule


@pytest.fixture
def anns(program_of, ann):
    return program_of(ann)


def test_somebody_is_followed_and_unfollowed(anns, ann, bob):
    path = f"/users/{bob.id}/follow"
    for _ in range(2):
        assert anns.put(path).json == {"following": True, "followed_by": False}
    assert bob.follower_count == 1
    assert anns.delete(path).status_code == 204
    assert anns.get(path).json["following"] is False
    assert anns.delete(path).status_code == 204
    assert anns.delete(f"/users/{ann.id}/follow").status_code == 409


def test_own_posts_and_comments_are_deleted(anns, ann, bob, make_post, make_comment, program_of):
    mine, comment = make_post(author=ann), make_comment(author=ann)
    for path in (f"/posts/{mine.id}", f"/comments/{comment.id}"):
        assert program_of(bob).delete(path).status_code == 403
        assert anns.delete(path).status_code == 204
        assert anns.get(path).status_code == 404


def test_moderators_hide_and_show_comments(program_of, ann, moderator, make_comment):
    comment = make_comment("canary")
    program = program_of(moderator)
    for word in ("disable", "enable"):
        assert program_of(ann).post(f"/comments/{comment.id}/{word}").status_code == 403
    hidden = program.post(f"/comments/{comment.id}/disable")
    assert (hidden.json["disabled"], hidden.json["body"]) == (True, "canary")
    assert "canary" in program.get("/moderation/comments/").text
    assert "canary" not in program.get("/comments/").text
    assert program.post(f"/comments/{comment.id}/enable").json["disabled"] is False
    assert "canary" in program_of(ann).get("/comments/").text


def test_a_profile_is_read_and_changed(anns, ann, bob, program_of):
    changed = anns.put("/me", json={"name": " Ann ", "about_me": "I"})
    assert (changed.json["name"], changed.json["about_me"]) == ("Ann", "I")
    assert changed.json["email"] == "ann@example.com"
    public = program_of(bob).get(f"/users/{ann.id}/profile")
    assert public.json["name"] == "Ann"
    assert "ann@example.com" not in public.text
    for wrong in ({"name": "x" * 65}, {"name": None}, {"about_me": "x" * 9000}, {"location": 5}):
        assert anns.put("/me", json=wrong).status_code == 400


def test_administrators_change_roles(program_of, administrator, moderator, bob):
    path, program = f"/users/{bob.id}/account", program_of(administrator)
    assert program_of(moderator).get(path).status_code == 403
    assert program.get(path).json["role"] == "User"
    assert program.put(path, json={"role": "Moderator"}).json["role"] == "Moderator"
    assert program.put(path, json={"role": "King"}).status_code == 400
    assert program.put(path, json={"email": "Bobby@example.com"}).json["email"] == (
        "bobby@example.com"
    )
    assert program.put(path, json={"username": "bobby", "confirmed": False}).status_code == 200
    taken = program.put(path, json={"username": "MOD", "email": "mod@example.com"})
    assert taken.status_code == 409
    assert set(taken.json["fields"]) == {"username", "email"}


def test_the_last_administrator_stays(program_of, administrator):
    program = program_of(administrator)
    answer = program.put(f"/users/{administrator.id}/account", json={"role": "User"})
    assert answer.status_code == 409
    assert program.delete("/me").status_code == 409
    assert program.get("/me").json["role"] == "Administrator"


def test_somebody_registers_and_confirms(stranger, program_of, outbox):
    form = {"email": "New@Example.com", "username": "newcomer", "password": "cat"}
    answer = stranger.post("/users/", json=form)
    assert answer.status_code == 202
    token = outbox[0].body.split("/auth/confirm/")[1].split()[0]

    program = program_of()
    program.headers = {"Authorization": basic("new@example.com", "cat")}
    assert program.get("/posts/").json["message"] == "Unconfirmed account"
    assert program.get("/me").json["confirmed"] is False
    assert program.post("/me/confirmation").status_code == 202
    assert program.put("/me/confirmation", json={"token": "x"}).status_code == 400
    assert program.put("/me/confirmation", json={"token": token}).status_code == 200
    assert program.get("/posts/").status_code == 200
    assert program.post("/me/confirmation").status_code == 409


def test_registering_tells_nothing_of_a_known_address(stranger, ann, outbox):
    answers = [
        stranger.post("/users/", json={"email": email, "username": name, "password": "cat"})
        for email, name in (("ann@example.com", "first1"), ("other@example.com", "second2"))
    ]
    assert answers[0].json == answers[1].json
    assert [answer.status_code for answer in answers] == [202, 202]
    assert [mail.subject for mail in outbox] == [
        "[Flasky] You Have an Account",
        "[Flasky] Confirm Your Account",
    ]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"email": "no address"}, 400),
        ({"email": None}, 400),
        ({"username": "1a"}, 400),
        ({"username": "ann\n"}, 400),
        ({"username": "admin"}, 409),
        ({"username": "ANN"}, 409),
        ({"password": ""}, 400),
        ({"password": 5}, 400),
    ],
)
def test_registering_follows_the_rules_of_the_form(stranger, ann, wrong, status):
    form = {"email": "new@example.com", "username": "newcomer", "password": "cat", **wrong}
    answer = stranger.post("/users/", json=form)
    assert answer.status_code == status
    assert list(answer.json["fields"]) == list(wrong)


def test_a_weak_password_is_refused_wherever_one_is_set(app, anns, stranger, ann):
    app.config["FLASKY_PASSWORD_MIN_LENGTH"] = 8
    token = ann.generate_reset_token()
    form = {"email": "new@example.com", "username": "newcomer", "password": "short"}
    for answer in (
        stranger.post("/users/", json=form),
        anns.put("/me/password", json={"password": "short"}),
        stranger.put("/password-resets/", json={"token": token, "password": "short"}),
    ):
        assert answer.status_code == 400
        assert answer.json["fields"]["password"] == ["Please use at least 8 characters."]


def test_a_forgotten_password_is_replaced(stranger, program_of, ann, outbox):
    for email in ("ann@example.com", "nobody@example.com"):
        assert stranger.post("/password-resets/", json={"email": email}).status_code == 202
    (mail,) = outbox
    token = mail.body.split("/auth/reset/")[1].split()[0]
    form = {"token": token, "password": "a new dog"}
    assert stranger.put("/password-resets/", json=form).status_code == 200
    assert stranger.put("/password-resets/", json=form).status_code == 400
    assert program_of(ann, password="a new dog").get("/me").status_code == 200


def test_an_address_is_changed(anns, ann, outbox, program_of):
    assert anns.post("/me/email", json={"email": "Ann2@example.com"}).status_code == 202
    token = outbox[0].body.split("/auth/change_email/")[1].split()[0]
    assert anns.put("/me/email", json={"token": "x"}).status_code == 400
    assert anns.put("/me/email", json={"token": token}).status_code == 200
    assert ann.email == "ann2@example.com"
    short = program_of(token=ann.generate_auth_token(60))
    assert short.post("/me/email", json={"email": "x@example.com"}).status_code == 401


def test_sessions_are_seen_and_ended(anns, ann, browser_of, program_of, bob):
    first, second = browser_of(ann), browser_of(ann)
    listed = anns.get("/me/sessions/").json["sessions"]
    assert len(listed) == 2
    assert program_of(bob).delete(listed[0]["url"]).status_code == 404
    assert anns.delete(listed[0]["url"]).status_code == 204
    assert anns.delete("/me/sessions/").status_code == 204
    for browser in (first, second):
        assert browser.get("/edit-profile").status_code == 302


def test_an_account_is_closed(anns, ann, make_post, stranger, program_of, bob):
    path = f"/posts/{make_post(author=ann).id}"
    assert anns.get(path).status_code == 200
    assert anns.delete("/me").status_code == 204
    assert anns.get(path).status_code == 401
    assert program_of(bob).get(path).status_code == 404
