"""A site moves from one database to another, whole or not at all."""

import pytest
from sqlalchemy import MetaData, func, inspect, make_url, select

from app.care import move as move_module
from app.care.content import summarise
from app.care.move import move
from app.exceptions import OperationFailed
from app.extensions import db
from app.models import Post, User
from tests.adapters.mail_server import free_port
from tests.care.conftest import SCRIPTS

WAYS = [
    ("sqlite", "postgresql"),
    ("postgresql", "sqlite"),
    ("mariadb", "postgresql"),
]


def bring(source, target):
    return move(source, target.url, db.metadata, SCRIPTS)


def content(engine):
    with engine.connect() as connection:
        return summarise(connection, db.metadata)


def rows(engine, model=User):
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(model.__table__))


@pytest.mark.parametrize(("here", "there"), WAYS)
def test_every_row_arrives_and_the_source_stays_as_it_was(here, there, new_database, fill):
    source, target = fill(new_database(here)), new_database(there)
    before = content(source)
    summary = bring(source, target)
    assert summary["tables"] == before == content(target) == content(source)
    assert before["users"]["rows"] == 3


@pytest.mark.parametrize("there", ["postgresql", "mariadb"])
def test_new_rows_go_on_counting_after_the_last(there, new_database, fill):
    source, target = fill(new_database("sqlite")), new_database(there)
    bring(source, target)
    with target.begin() as connection:
        post = {"body": "the next", "author_id": 7}
        key = connection.execute(Post.__table__.insert(), post).inserted_primary_key
    assert key == (4,)


def test_the_target_is_made_by_the_migrations(new_database, fill):
    target = new_database("sqlite")
    bring(fill(new_database("sqlite")), target)
    with target.connect() as connection:
        found = MetaData()
        found.reflect(connection)
    assert {index.name for index in found.tables["users"].indexes} >= {"ix_users_username"}


def test_a_target_that_holds_rows_is_left_alone(new_database, fill):
    target = fill(new_database("sqlite"), people=5)
    with pytest.raises(OperationFailed, match=r"holds rows already .*It has to be empty"):
        bring(fill(new_database("sqlite")), target)
    assert rows(target) == 5


def test_a_site_does_not_move_to_where_it_is(new_database, fill):
    site = fill(new_database("sqlite"))
    with pytest.raises(OperationFailed, match="in that database already"):
        bring(site, site)
    assert rows(site) == 3


def test_a_site_of_an_older_release_is_brought_up_to_date_first(new_database, fill):
    source, target = fill(new_database("sqlite")), new_database("sqlite")
    with source.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(OperationFailed, match=r"not up to date\. Run: flask deploy"):
        bring(source, target)
    assert inspect(target).get_table_names() == []


def test_a_target_that_is_away_is_named_without_its_password(new_database, fill):
    url = make_url(f"postgresql+psycopg://u:hush-hush@127.0.0.1:{free_port()}/x")
    with pytest.raises(OperationFailed, match=r"refused.*the address given") as caught:
        move(fill(new_database("sqlite")), url, db.metadata, SCRIPTS)
    assert "hush" not in str(caught.value)


def test_a_move_that_the_target_refuses_leaves_no_rows_and_can_be_tried_again(new_database, fill):
    source, target = fill(new_database("sqlite")), new_database("postgresql")
    with source.begin() as connection:  # SQLite keeps what PostgreSQL cannot
        connection.exec_driver_sql("UPDATE posts SET body = 'a' || char(0) || 'b' WHERE id = 3")
    with pytest.raises(OperationFailed, match=r"The target refused: .*Nothing was kept"):
        bring(source, target)
    assert rows(target) == 0
    with source.begin() as connection:
        connection.exec_driver_sql("UPDATE posts SET body = 'mended' WHERE id = 3")
    bring(source, target)
    assert rows(target) == 3


def test_a_copy_that_differs_is_not_kept(new_database, fill, monkeypatch):
    source, target = fill(new_database("sqlite")), new_database("sqlite")
    copy = move_module._copy

    def lose_names(table, here, there, advance):
        copy(table, here, there, advance)
        if table.name == "users":
            there.execute(table.update().values(name="Nobody"))

    monkeypatch.setattr(move_module, "_copy", lose_names)
    with pytest.raises(OperationFailed, match=r"differs from the original: users \(3 rows, then 3"):
        bring(source, target)
    assert rows(target) == 0
