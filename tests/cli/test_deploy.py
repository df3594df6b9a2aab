"""`flask deploy`: bring the database to what this release needs."""

from pathlib import Path

import pytest

from app import create_app
from app.extensions import db
from app.models import Follow, Landmark, Post, Role, User
from app.models.landmark import APART
from config import TestingConfig
from tests.databases import close_connections, same_logging_afterwards
from tests.operations.site import free_port

TRY_AGAIN = 75
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def same_log_afterwards():
    """A migration sets the logging of its process up, which here is that of all tests."""
    with same_logging_afterwards():
        yield


@pytest.fixture
def deploy(empty_database, tmp_path, monkeypatch):
    """Deploy to this database, by default one of our own, and return how that went."""
    monkeypatch.chdir(tmp_path)  # the migrations are found from anywhere

    def run(url=empty_database):
        monkeypatch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", url)
        app = create_app("testing")
        result = app.test_cli_runner().invoke(args=["deploy"])
        return result, app

    return run


def test_an_empty_database_gets_its_tables_and_roles(deploy):
    result, app = deploy()
    assert result.exit_code == 0, result.output
    assert result.stdout == "The database is up to date and the roles are in place.\n"
    with app.app_context():
        found = {role.name: (role.permissions, role.default) for role in Role.query}
        assert found == {"User": (7, True), "Moderator": (15, False), "Administrator": (31, False)}
        db.session.remove()
        close_connections()


def test_deploying_again_repairs_and_keeps(deploy):
    _, app = deploy()
    with app.app_context():
        ann, bob = User(username="ann"), User(username="bob")
        db.session.add_all([ann, bob])
        ann.follow(bob)
        db.session.execute(db.delete(Follow).where(Follow.follower_id == Follow.followed_id))
        Role.named("Moderator").permissions = 31
        db.session.execute(db.insert(Post), [{"body": "x"}] * APART)
        db.session.commit()
        db.session.remove()
        close_connections()
    result, app = deploy()
    assert result.exit_code == 0, result.output
    with app.app_context():
        pairs = {(row.follower.username, row.followed.username) for row in Follow.query}
        assert pairs == {("ann", "ann"), ("bob", "bob"), ("ann", "bob")}
        assert [user.followed_count for user in User.query.order_by(User.username)] == [1, 0]
        assert Role.named("Moderator").permissions == 15
        assert [row.position for row in Landmark.query] == [APART]
        db.session.remove()
        close_connections()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://127.0.0.1:{port}/flasky",
        "mysql+pymysql://root@127.0.0.1:{port}/flasky",
    ],
    ids=["postgresql", "mariadb"],
)
def test_a_database_that_cannot_be_reached_is_told_from_other_troubles(deploy, url):
    """boot.sh tries again after this status, and after no other."""
    result, _ = deploy(url.format(port=free_port()))
    assert result.exit_code == TRY_AGAIN
    assert result.stderr.startswith("The database cannot be reached: ")
    assert "Traceback" not in result.output


def test_a_folder_that_does_not_exist_is_no_trouble_that_passes(deploy):
    result, _ = deploy("sqlite:////nowhere/at/all/data.sqlite")
    assert result.exit_code == 1
    assert result.stderr == (
        "The database cannot be reached: unable to open database file. "
        "See that its folder exists and can be written to.\n"
    )


def test_a_database_of_a_later_release_is_another_trouble(deploy):
    _, app = deploy()
    with app.app_context():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = 'from the future'"))
        db.session.commit()
        db.session.remove()
        close_connections()
    result, _ = deploy()
    assert result.exit_code not in (0, TRY_AGAIN)


def test_the_command_explains_itself(app):
    assert "Upgrade the database" in app.test_cli_runner().invoke(args=["deploy", "--help"]).output
