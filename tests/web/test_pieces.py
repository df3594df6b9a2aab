"""Small pieces that all doors share: pictures, pages of lists, loaders, guards, notices."""

from datetime import datetime

import pytest
from flask import get_flashed_messages
from flask_login import login_user
from werkzeug.exceptions import Forbidden, NotFound

from app.decorators import admin_required, permission_required, writes_on_get
from app.models import Permission, User, UserSession
from app.web import presence
from app.web.avatars import avatar_url, display_name
from app.web.loaders import load_comment, load_post, load_profile
from app.web.mail_notice import NOTICE, flash_where_mail_goes
from app.web.pages import per_page, requested_moment, requested_page, wants_last_page
from tests.web.page import Page

# --- Pictures and names -----------------------------------------------------------------------


def test_a_picture_comes_from_our_own_host(app, ann):
    with app.test_request_context():
        assert avatar_url(ann, 40) == "/avatar/ann.svg"
        assert avatar_url(None, 40) == "/avatar/nobody.svg"
        assert avatar_url(User(), 40) == "/avatar/nobody.svg"


def test_gravatar_gives_a_picture_that_is_sharp_on_dense_screens(app, ann):
    app.config["FLASKY_AVATARS"] = "gravatar"
    with app.test_request_context():
        assert avatar_url(ann, 40) == ann.gravatar(size=80)
        assert avatar_url(None, 40) == "/avatar/nobody.svg"


def test_everybody_can_be_called_something(app):
    assert display_name(User(username="ann", name="Ann")) == "ann"
    assert display_name(User(name="Ann")) == "Ann"
    assert display_name(User()) == "Someone"
    assert display_name(None) == "Someone"


# --- Pages of lists ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "page"),
    [("", 1), ("page=2", 2), ("page=0", 1), ("page=-1", 1), ("page=x", 1), ("page=", 1),
     ("page=" + "9" * 30, 10_000_000), ("page=" + "9" * 5000, 1), ("page=2&page=3", 2)],
)  # fmt: skip
def test_a_page_is_a_number_from_one_that_every_database_can_count_to(app, query, page):
    with app.test_request_context(f"/?{query}"):
        assert requested_page() == page


def test_minus_one_is_the_last_page_where_a_list_has_one(app):
    for query, expected in (("page=-1", True), ("page=1", False), ("", False), ("page=-01", False)):
        with app.test_request_context(f"/?{query}"):
            assert wants_last_page() is expected


def test_a_moment_is_a_number_or_nothing(app):
    for query, expected in (("as_of=5", 5), ("as_of=x", None), ("", None)):
        with app.test_request_context(f"/?{query}"):
            assert requested_moment() == expected


def test_the_length_of_a_page_is_a_setting(app):
    app.config["FLASKY_POSTS_PER_PAGE"] = 7
    assert [per_page(of) for of in ("POSTS", "FOLLOWERS", "COMMENTS")] == [7, 50, 30]


# --- Loaders ----------------------------------------------------------------------------------


def test_a_record_is_found_or_it_is_a_404(app, ann, make_comment):
    comment = make_comment()
    with app.test_request_context():
        assert load_post(comment.post_id).id == comment.post_id
        assert load_comment(comment.id).id == comment.id
        assert load_profile("ann").id == ann.id
        for load, missing in ((load_post, 999), (load_comment, 999), (load_profile, "nobody")):
            with pytest.raises(NotFound):
                load(missing)


def test_a_record_that_the_policy_refuses_is_a_403(app, make_post):
    post = make_post()
    with app.test_request_context():
        assert load_post(post.id, check=lambda viewer, record: viewer.id is None) is post
        with pytest.raises(Forbidden):
            load_post(post.id, check=lambda viewer, record: False)


# --- Guards -----------------------------------------------------------------------------------


@permission_required(Permission.MODERATE)
def moderated(answer):
    """What moderators may do."""
    return answer


@admin_required
def administered():
    return "done"


def test_a_guard_lets_those_through_who_hold_the_permission(app, moderator, administrator):
    with app.test_request_context():
        login_user(moderator)
        assert moderated("answer") == "answer"
        with pytest.raises(Forbidden):
            administered()
    with app.test_request_context():
        login_user(administrator)
        assert moderated(answer="answer") == "answer"
        assert administered() == "done"


def test_a_guard_refuses_strangers_and_those_without_the_permission(app, ann):
    for user in (None, ann):
        with app.test_request_context():
            if user:
                login_user(user)
            for view in (lambda: moderated(1), administered):
                with pytest.raises(Forbidden):
                    view()


def test_a_guarded_view_keeps_its_name_and_a_marked_one_its_self():
    assert (moderated.__name__, moderated.__doc__) == ("moderated", "What moderators may do.")

    def view():
        pass

    assert writes_on_get(view) is view


# --- Mail that goes to the log ----------------------------------------------------------------


def test_where_there_is_no_mail_server_every_page_that_speaks_of_mail_says_so(app_with, caplog):
    app = app_with(FLASKY_MAIL_TO_LOG=True)
    client = app.test_client()
    client.post("/auth/reset", data={"email": "ann@example.com"})
    assert NOTICE in Page.of(client.get("/auth/login")).flashes
    for path in ("/auth/register", "/auth/reset"):
        assert "no mail server yet" in client.get(path).text
    form = {"username": "new", "email": "new@example.com", "password": "cat", "password2": "cat"}
    client.post("/auth/register", data=form)
    assert "To: new@example.com" in caplog.text
    assert "Subject: [Flasky] Confirm Your Account" in caplog.text
    assert "http://localhost:5000/auth/confirm/" in caplog.text


def test_where_there_is_one_nothing_is_said(app, client):
    with app.test_request_context():
        flash_where_mail_goes()
        assert get_flashed_messages() == []
    assert "no mail server" not in client.get("/auth/register").text


# --- Who is here ------------------------------------------------------------------------------


def test_a_visit_is_noted_for_the_person_and_for_the_session_if_it_was_not_just_now(ann):
    presence.note(ann)
    assert presence.take() == {}
    ann.last_seen = None
    presence.note(ann)
    assert set(presence.take()) == {(User, ann.id)}
    session = ann.start_session()
    session.last_used_at = datetime(2024, 1, 1)
    presence.note(ann)
    assert set(presence.take()) == {(User, ann.id), (UserSession, session.id)}
    assert presence.take() == {}
