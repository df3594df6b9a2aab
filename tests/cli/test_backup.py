"""`flask backup`, `flask restore` and `flask db-move`, as an operator types them."""

import pytest

from app import create_app
from config import TestingConfig
from tests.cli.test_deploy import same_log_afterwards  # noqa: F401
from tests.databases import close_connections


@pytest.fixture
def flask(tmp_path, monkeypatch):
    """Return a function that runs a command on a database file of this name."""

    def run(name, *arguments, **options):
        url = f"sqlite:///{tmp_path / name}.sqlite"
        monkeypatch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", url)
        monkeypatch.setattr(TestingConfig, "FLASKY_UPLOADS", str(tmp_path / name))
        app = create_app("testing")
        result = app.test_cli_runner().invoke(args=arguments, **options)
        with app.app_context():
            close_connections()
        return result

    return run


@pytest.fixture
def site(flask, tmp_path):
    flask("site", "deploy")
    arguments = ("users", "create", "ann@example.com", "ann", "--password", "cat", "--role", "user")
    assert flask("site", *arguments).exit_code == 0
    (tmp_path / "site/pictures").mkdir(parents=True)
    (tmp_path / "site/pictures/0a-64.webp").write_bytes(b"a picture")
    return "site"


def last_word(text):
    return text.splitlines()[0].rstrip(".").split()[-1]


def test_a_site_is_backed_up_and_brought_back(flask, site, tmp_path):
    file = str(tmp_path / "site.backup")
    saved = flask(site, "backup", file)
    assert saved.exit_code == 0, saved.output
    assert "rows and 1 uploads, content" in saved.stdout
    restored = flask("fresh", "restore", file, "--verify")
    assert restored.exit_code == 0, restored.output
    assert last_word(saved.stdout) in restored.stdout
    assert "found it the same" in restored.stdout
    assert (tmp_path / "fresh/pictures/0a-64.webp").read_bytes() == b"a picture"
    again = flask("fresh", "users", "confirm", "ann@example.com")
    assert again.stdout == "ann@example.com was confirmed already.\n"


def test_a_site_that_is_there_is_not_replaced_by_mistake(flask, site, tmp_path):
    file = str(tmp_path / "site.backup")
    flask(site, "backup", file)
    refused = flask(site, "restore", file)
    assert refused.exit_code == 1
    assert "--replace removes them" in refused.stderr
    assert flask(site, "restore", file, "--replace").exit_code == 0


def test_a_site_moves_to_another_database(flask, site, tmp_path):
    moved = flask(site, "db-move", f"sqlite:///{tmp_path}/new.sqlite")
    assert moved.exit_code == 0, moved.output
    assert "found them the same" in moved.stdout
    assert "Now set TEST_DATABASE_URL to the new address" in moved.stdout
    assert "is confirmed already" not in flask("new", "users", "confirm", "ann@example.com").stderr


def test_an_address_with_a_password_need_not_stand_on_the_command_line(flask, site, tmp_path):
    moved = flask(site, "db-move", "-", input=f"sqlite:///{tmp_path}/new.sqlite\n")
    assert moved.exit_code == 0, moved.output
    assert "new.sqlite" not in moved.output


def test_an_address_that_is_none_is_refused(flask, site):
    refused = flask(site, "db-move", "elsewhere")
    assert refused.exit_code == 2
    assert "expected sqlite:////path" in refused.stderr
    refused = flask(site, "db-move", "dbase://host/name")
    assert refused.exit_code == 2
    assert "there is no database called dbase" in refused.stderr
