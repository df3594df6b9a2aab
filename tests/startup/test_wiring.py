"""What the steps of starting leave behind."""

from app import db as exported
from app.extensions import db
from app.models import Comment, Follow, Permission, Post, Role, User, later
from app.startup import STEPS, jobs


def test_the_shell_knows_what_one_asks_about_there(app):
    known = app.make_shell_context()
    assert {
        "db": db, "User": User, "Follow": Follow, "Role": Role, "Permission": Permission,
        "Post": Post, "Comment": Comment, "app": app,
    }.items() <= known.items()  # fmt: skip


def test_the_database_can_be_imported_from_the_application():
    assert exported is db


def test_every_step_starts_something():
    assert all(callable(step.init_app) for step in STEPS)


def test_a_second_application_does_not_keep_every_promise_twice(app, make_app, outbox, ann):
    make_app()
    jobs.init_app(app)
    later("mail.password_changed", user_id=ann.id)
    db.session.commit()
    assert len(outbox) == 1


def test_the_login_view_is_where_one_logs_in(app):
    assert app.login_manager.login_view == "auth.login"
    assert app.login_manager.anonymous_user().can(Permission.FOLLOW) is False
