"""Tables, columns and constraints, as the contract lists them."""

import pytest
from sqlalchemy import Boolean, DateTime, Integer, String, Text, UniqueConstraint

import app as package
from app.extensions import db
from app.models import User

TABLES = db.metadata.tables

# Table, column, type, length. All of them are nullable.
COLUMNS = [
    ("roles", "name", String, 64),
    ("roles", "default", Boolean, None),
    ("roles", "permissions", Integer, None),
    ("users", "email", String, 254),
    ("users", "username", String, 64),
    ("users", "role_id", Integer, None),
    ("users", "password_hash", String, 256),
    ("users", "confirmed", Boolean, None),
    ("users", "name", String, 64),
    ("users", "location", String, 64),
    ("users", "about_me", Text, None),
    ("users", "member_since", DateTime, None),
    ("users", "last_seen", DateTime, None),
    ("users", "avatar_hash", String, 32),
    ("follows", "timestamp", DateTime, None),
    ("posts", "body", Text, None),
    ("posts", "body_html", Text, None),
    ("posts", "timestamp", DateTime, None),
    ("posts", "author_id", Integer, None),
    ("comments", "body", Text, None),
    ("comments", "body_html", Text, None),
    ("comments", "timestamp", DateTime, None),
    ("comments", "disabled", Boolean, None),
    ("comments", "author_id", Integer, None),
    ("comments", "post_id", Integer, None),
]
COUNTERS = [
    ("users", "post_count"),
    ("users", "comment_count"),
    ("users", "follower_count"),
    ("users", "followed_count"),
    ("posts", "comment_count"),
]
INDEXES = {
    "ix_users_email": ("users", "email", True),
    "ix_users_username": ("users", "username", True),
    "ix_roles_default": ("roles", "default", False),
    "ix_posts_timestamp": ("posts", "timestamp", False),
    "ix_comments_timestamp": ("comments", "timestamp", False),
}


def test_db_can_be_imported_from_the_package():
    assert package.db is db


@pytest.mark.parametrize(("table", "column", "kind", "length"), COLUMNS)
def test_a_listed_column_has_its_type_and_may_be_null(table, column, kind, length):
    found = TABLES[table].c[column]
    assert isinstance(found.type, kind)
    assert getattr(found.type, "length", None) == length
    assert found.nullable


@pytest.mark.parametrize(("table", "column"), COUNTERS)
def test_counters_start_at_nought_whoever_inserts_the_row(table, column):
    found = TABLES[table].c[column]
    assert not found.nullable
    assert found.default.arg == 0
    assert found.server_default.arg == "0"


@pytest.mark.parametrize("table", ["roles", "users", "posts", "comments"])
def test_rows_are_known_by_a_number(table):
    (key,) = TABLES[table].primary_key.columns
    assert key.name == "id"
    assert isinstance(key.type, Integer)


def test_follows_are_known_by_both_ends():
    assert [key.name for key in TABLES["follows"].primary_key] == ["follower_id", "followed_id"]


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("users", "role_id", "roles.id"),
        ("follows", "follower_id", "users.id"),
        ("follows", "followed_id", "users.id"),
        ("posts", "author_id", "users.id"),
        ("comments", "author_id", "users.id"),
        ("comments", "post_id", "posts.id"),
    ],
)
def test_foreign_keys_point_where_they_should(table, column, target):
    (key,) = TABLES[table].c[column].foreign_keys
    assert key.target_fullname == target


@pytest.mark.parametrize("name", INDEXES)
def test_the_indexes_of_the_contract_are_there(name):
    table, column, unique = INDEXES[name]
    (index,) = [index for index in TABLES[table].indexes if index.name == name]
    assert [found.name for found in index.columns] == [column]
    assert bool(index.unique) == unique


def test_role_names_are_unique():
    (constraint,) = [c for c in TABLES["roles"].constraints if isinstance(c, UniqueConstraint)]
    assert [column.name for column in constraint.columns] == ["name"]


def test_every_foreign_key_can_be_followed_by_an_index():
    """Else deleting a row reads whole tables."""
    for table in TABLES.values():
        first = {index.columns[0].name for index in table.indexes}
        first.add(table.primary_key.columns[0].name)
        for key in table.foreign_keys:
            assert key.parent.name in first, key


def test_every_constraint_has_a_name_that_a_migration_can_use():
    for table in TABLES.values():
        assert all(constraint.name for constraint in table.constraints)


@pytest.mark.parametrize("relation", ["posts", "comments", "followed", "followers"])
def test_the_lists_of_a_user_can_be_counted_and_filtered(app, ann, relation):
    rows = getattr(ann, relation)
    assert rows.count() == len(rows.all())
    assert rows.filter_by().limit(1).count() <= 1


def test_the_users_of_a_role_can_be_counted_and_filtered(app, ann, administrator):
    assert ann.role.users.all() == [ann]
    assert administrator.role.users.filter(User.username == "adm").count() == 1
