"""Closing an account: all that hangs on it goes, and everybody else's figures stay true."""

import pytest
from sqlalchemy import text

from app.extensions import db
from app.models import Comment, Follow, Job, Post, Role, User, UserSession, later
from app.models.account_closure import (
    LastAdministrator,
    close_account,
    ensure_another_administrator,
)
from tests.models.truth import counters, counts

CANARY = "canary"


@pytest.fixture
def canary(make_user, ann, bob, make_post, make_comment):
    """Somebody who has left traces wherever one can."""
    user = make_user(
        CANARY,
        email=f"{CANARY}@example.com",
        name=f"{CANARY} name",
        location=f"{CANARY} place",
        about_me=f"{CANARY} text",
    )
    own, anns = make_post(f"{CANARY} wrote this", author=user), make_post("ann's", author=ann)
    make_comment("on a post that goes", author=bob, post=own)
    make_comment("on a post that goes", author=ann, post=own)
    make_comment(f"{CANARY} on their own", author=user, post=own)
    make_comment(f"{CANARY} elsewhere", author=user, post=anns)
    make_comment("stays", author=bob, post=anns)
    user.follow(ann)
    user.follow(bob)
    ann.follow(user)
    ann.follow(bob)
    user.start_session(device=f"{CANARY} browser", ip_address="192.0.2.99")
    db.session.commit()
    return user


def dump():
    """Return all that is in the database, as one text."""
    rows = []
    for table in db.metadata.sorted_tables:
        rows += [str(tuple(row)) for row in db.session.execute(table.select())]
    return "\n".join(rows)


def test_everything_that_hangs_on_an_account_goes_with_it(canary):
    user_id = canary.id
    close_account(canary)
    db.session.commit()
    assert CANARY not in dump()
    assert "192.0.2.99" not in dump()
    for column in (
        Post.author_id,
        Comment.author_id,
        Follow.follower_id,
        Follow.followed_id,
        UserSession.user_id,
    ):
        assert db.session.query(column).filter(column == user_id).count() == 0


def test_what_was_promised_to_somebody_goes_with_the_account(canary, ann, outbox):
    for promise in (
        {"name": "mail.password_reset", "email": canary.email},
        {"name": "mail.change_email", "user_id": canary.id, "new_email": f"new.{CANARY}@e.org"},
        {"name": "mail.email_changed", "user_id": canary.id, "old_email": f"old.{CANARY}@e.org"},
        {"name": "mail.password_changed", "user_id": canary.id},
    ):
        later(**promise)
    later("mail.password_reset", email=ann.email)
    later("upkeep.tidy")
    db.session.commit()
    close_account(canary)
    db.session.commit()
    assert CANARY not in dump()
    assert [job.name for job in Job.query.order_by(Job.id)] == [
        "mail.password_reset",
        "upkeep.tidy",
    ]


def test_what_was_promised_to_others_stays(app, make_user, ann):
    nobody = make_user(email=None)
    later("mail.password_reset", email=ann.email)
    later("mail.password_changed", user_id=ann.id)
    later("upkeep.tidy")
    db.session.commit()
    close_account(nobody)
    db.session.commit()
    assert Job.query.count() == 3


def test_the_figures_of_everybody_who_stays_are_right(canary, ann, bob):
    close_account(canary)
    db.session.commit()
    assert counters() == counts()
    figures = [
        (u.post_count, u.comment_count, u.follower_count, u.followed_count) for u in (ann, bob)
    ]
    assert figures == [(1, 0, 0, 1), (0, 1, 1, 0)]
    assert [post.comment_count for post in Post.query] == [1]
    assert [comment.body for comment in Comment.query] == ["stays"]


def test_closing_takes_as_many_statements_whatever_hangs_on_it(
    canary, make_user, make_post, make_comment, statements
):
    def taken(user):
        user = db.session.get(User, user.id)
        assert user.role
        with statements() as seen:
            close_account(user)
            db.session.commit()
        return len(seen)

    assert taken(make_user()) == taken(canary)


def test_closing_can_be_rolled_back(canary):
    before = dump()
    close_account(canary)
    db.session.rollback()
    assert dump() == before


def test_deleting_the_row_itself_leaves_true_figures_as_well(canary):
    db.session.delete(canary)
    db.session.commit()
    assert counters() == counts()
    assert CANARY not in dump()


def test_a_row_that_is_deleted_behind_our_back_takes_along_what_hangs_on_it(canary):
    """The foreign keys see to that, whoever speaks to the database."""
    db.session.execute(text("DELETE FROM users WHERE username = :name"), {"name": CANARY})
    db.session.commit()
    assert CANARY not in dump()


@pytest.mark.parametrize("how", ["close", "delete"])
def test_no_page_breaks_when_somebody_is_gone(canary, ann, client, moderator, browser_of, how):
    user_id, post_id = canary.id, canary.posts.one().id
    browser = browser_of(ann)
    staff = browser_of(moderator)
    close_account(canary) if how == "close" else db.session.delete(canary)
    db.session.commit()
    for path in (
        "/",
        "/user/ann",
        "/followers/ann",
        "/followed_by/ann",
        f"/post/{ann.posts.one().id}",
    ):
        assert client.get(path).status_code == browser.get(path).status_code == 200
    assert staff.get("/moderate").status_code == 200
    for path in (f"/user/{CANARY}", f"/post/{post_id}"):
        assert browser.get(path).status_code == 404
    assert browser.get(f"/followers/{CANARY}").status_code == 302
    assert browser.post(f"/follow/{CANARY}").status_code == 302
    assert staff.get(f"/edit-profile/{user_id}").status_code == 403


def test_texts_without_an_author_break_no_page(app, client, moderator, browser_of):
    post = Post(body="written by nobody")
    db.session.add(post)
    db.session.commit()
    db.session.add(Comment(body="said by nobody", post=post))
    db.session.commit()
    staff = browser_of(moderator)
    for path in ("/", f"/post/{post.id}"):
        assert "written by nobody" in client.get(path).text
        assert "written by nobody" in staff.get(path).text
    assert "said by nobody" in staff.get("/moderate").text


def test_closed_sessions_let_nobody_in(canary, app):
    browser = app.test_client()
    browser.log_in(canary)
    assert browser.get("/auth/sessions").status_code == 200
    close_account(db.session.get(User, canary.id))
    db.session.commit()
    assert browser.get("/auth/sessions").status_code == 302
    assert browser.get("/").status_code == 200


# --- The last administrator ----------------------------------------------------------------


def test_the_last_administrator_stays(administrator, ann, moderator):
    with pytest.raises(LastAdministrator):
        close_account(administrator)
    db.session.commit()
    assert User.query.filter_by(username="adm").count() == 1


def test_an_administrator_may_go_when_there_is_another(administrator, make_user):
    make_user("second", role="Administrator")
    close_account(administrator)
    db.session.commit()
    assert [user.username for user in User.query] == ["second"]


def test_everybody_else_may_go_at_any_time(administrator, ann, moderator):
    close_account(ann)
    close_account(moderator)
    db.session.commit()
    assert [user.username for user in User.query] == ["adm"]


def test_whoever_may_administer_counts_as_an_administrator(administrator, ann):
    """By the permission, not by the name of the role."""
    db.session.add(Role(name="Owner", permissions=31))
    db.session.commit()
    ann.role = Role.named("Owner")
    db.session.commit()
    ensure_another_administrator(administrator)


def test_a_role_that_holds_less_makes_no_administrator(administrator, ann):
    db.session.add(Role(name="Helper", permissions=15))
    db.session.commit()
    ann.role = Role.named("Helper")
    db.session.commit()
    with pytest.raises(LastAdministrator):
        ensure_another_administrator(administrator)


def test_somebody_without_a_role_may_go(ann):
    ann.role = None
    close_account(ann)
    db.session.commit()
    assert User.query.count() == 0
