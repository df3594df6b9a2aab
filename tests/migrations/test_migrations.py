"""Migrations: from nothing to today's models, and back, on every database we know."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from app.adapters.rate_limits import DatabaseStorage
from app.extensions import db
from app.jobs.runner import due, run
from app.jobs.upkeep import tidy
from app.lib.clock import utcnow
from app.models import Comment, Follow, Job, Post, Role, User, later
from app.models.account_closure import LastAdministrator, close_account
from tests.models.truth import counters, counts, recount

PROJECT = Path(__file__).resolve().parents[2]
INDEXES = {
    "users": {"ix_users_email": True, "ix_users_username": True},
    "roles": {"ix_roles_default": False},
    "posts": {"ix_posts_timestamp": False},
    "comments": {"ix_comments_timestamp": False},
}


def tables():
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences():
    """Return how the database differs from the models."""
    with db.engine.connect() as connection:
        # Only of PostgreSQL does Alembic know that DEFAULT '' and '' are the same.
        defaults = connection.dialect.name == "postgresql"
        options = {"compare_type": True, "compare_server_default": defaults}
        return compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)


@pytest.fixture
def history():
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    return ScriptDirectory.from_config(config)


# --- The history ---------------------------------------------------------------------------


def test_the_history_is_one_line_with_one_head(history):
    revisions = list(history.walk_revisions())
    assert len(history.get_heads()) == len(history.get_bases()) == 1
    assert all(not isinstance(revision.down_revision, tuple) for revision in revisions)
    assert not any(revision.dependencies for revision in revisions)


def test_every_migration_says_what_it_does(history):
    for revision in history.walk_revisions():
        assert revision.doc.strip()


# --- Up and down ---------------------------------------------------------------------------


def test_from_nothing_they_lead_to_the_models(migrated):
    assert differences() == []
    check()  # what `flask db check` says


def test_the_indexes_of_the_contract_are_there(migrated):
    for table, wanted in INDEXES.items():
        found = {
            index["name"]: bool(index["unique"]) for index in inspect(db.engine).get_indexes(table)
        }
        assert wanted.items() <= found.items()


def test_constraints_have_the_names_of_the_models(migrated):
    """MySQL and MariaDB call every primary key PRIMARY; the others remember what we said."""
    inspector = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        keys = {key["name"] for key in inspector.get_foreign_keys(table.name)}
        assert keys == {key.name for key in table.foreign_key_constraints}
        if db.engine.dialect.name != "mysql":
            assert inspector.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"


def test_up_twice_is_up_once(migrated):
    upgrade()
    assert differences() == []


def test_up_down_and_up_again_with_people_in_the_house(empty):
    upgrade()
    settle_in()
    db.session.remove()
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert differences() == []
    assert User.query.count() == 0
    settle_in()
    assert User.query.count() == 3


def settle_in():
    """Use every table."""
    Role.insert_roles()
    ann, bob, adm = (User(email=f"{name}@example.com", username=name) for name in "abc")
    adm.role = Role.named("Administrator")
    db.session.add_all([ann, bob, adm])
    db.session.commit()
    ann.follow(bob)
    ann.follow(bob)
    bob.follow(ann)
    post = Post(body="*x* 😀", author=ann)
    db.session.add_all([post, Comment(body="y", author=bob, post=post)])
    ann.start_session(device="x" * 300)
    DatabaseStorage().incr("k", 60)
    later("upkeep.tidy")
    db.session.commit()
    return ann, bob, adm


# --- The models at work --------------------------------------------------------------------


@pytest.fixture
def settled(migrated, monkeypatch):
    monkeypatch.setitem(migrated.extensions, "queue", type("Queue", (), {"run_job": print}))
    return settle_in()


def test_figures_are_true_on_every_database(settled):
    ann, bob, _adm = settled
    db.session.expire_all()
    assert counters() == counts()
    assert (ann.followed_count, ann.follower_count, ann.post_count) == (1, 1, 1)
    bob.unfollow(ann)
    db.session.execute(db.update(User).values(post_count=7))
    recount()
    db.session.commit()
    assert counters() == counts()


def test_an_account_is_closed_on_every_database(settled):
    ann, bob, adm = settled
    later("mail.password_reset", email=ann.email)
    later("mail.password_changed", user_id=ann.id)
    db.session.commit()
    close_account(ann)
    db.session.commit()
    assert counters() == counts()
    assert (Post.query.count(), Comment.query.count(), Follow.query.count()) == (0, 0, 2)
    assert [job.name for job in Job.query] == ["upkeep.tidy"]
    with pytest.raises(LastAdministrator):
        close_account(adm)
    db.session.rollback()
    db.session.delete(bob)
    db.session.commit()
    assert counters() == counts()


def test_self_follows_are_added_on_every_database(settled):
    db.session.execute(db.delete(Follow))
    User.add_self_follows()
    db.session.commit()
    assert Follow.query.count() == 3


def test_tries_are_counted_on_every_database(settled):
    storage = DatabaseStorage()
    assert [storage.incr("k", 60) for _ in range(2)] == [2, 3]
    db.session.execute(db.text("UPDATE rate_limits SET expires_at = '2020-01-01'"))
    assert storage.incr("k", 60) == 1
    assert storage.get("k") == 1
    db.session.commit()


def test_jobs_run_on_every_database(settled):
    (job_id,) = due()
    run(job_id)
    run(job_id)
    db.session.expire_all()
    job = Job.query.one()
    assert (job.attempts, job.last_error) == (1, None)
    assert job.done_at
    job.done_at = utcnow() - timedelta(days=8)
    db.session.commit()
    tidy()
    db.session.commit()
    assert Job.query.count() == 0


def test_times_and_texts_come_back_whole_on_every_database(settled):
    post = Post.query.one()
    when = utcnow().replace(microsecond=123456)
    post.timestamp = when
    post.body = "x😀" * 10_000
    db.session.commit()
    assert post.timestamp == when
    assert post.body == "x😀" * 10_000
    assert len(post.body_html) > 50_000 / 4
