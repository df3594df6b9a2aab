"""Several machines that deploy at once, and migrations that meet people at work."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.models import Follow, Role, User

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = [sys.executable, "-m", "flask", "--app", "flasky", "deploy"]


def test_machines_that_deploy_at_once_do_not_meet(empty):
    url = empty.config["SQLALCHEMY_DATABASE_URI"]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("FLASK")
    }
    environment |= {"FLASK_CONFIG": "testing", "TEST_DATABASE_URL": url, "FLASK_SKIP_DOTENV": "1"}
    machines = [
        subprocess.Popen(DEPLOY, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [machine.communicate(timeout=120)[1] for machine in machines]
    assert [machine.returncode for machine in machines] == [0, 0], said
    assert Role.query.count() == 3


def settle():
    db.session.add(User(username="ann", email="ann@example.com"))
    db.session.commit()
    return Follow.query.count()


def test_a_migration_that_has_to_wait_gives_up_and_may_be_tried_again(empty):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite locks the whole file, for as long as busy_timeout says")
    upgrade()
    follows = settle()
    with db.engine.connect() as reader:
        reader.exec_driver_sql("SELECT * FROM users")  # and the transaction stays open
        started = time.monotonic()
        with pytest.raises(DBAPIError):
            downgrade(revision="0004")
        assert time.monotonic() - started < 8
    db.session.rollback()
    assert User.query.one().username == "ann"
    db.session.rollback()
    upgrade()
    assert Follow.query.count() == follows


def test_each_migration_goes_down_and_up_with_people_in_the_house(empty):
    upgrade()
    follows = settle()
    db.session.remove()
    for revision in range(int(_head()) - 1, 0, -1):
        downgrade(revision=f"{revision:04}")
    assert "users" in inspect(db.engine).get_table_names()
    upgrade()
    assert User.query.one().email == "ann@example.com"
    assert Follow.query.count() == follows


def _head() -> str:
    with db.engine.connect() as connection:
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
