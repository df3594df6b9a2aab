"""Roles and the permissions they hold."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import Permission, Role

ALL = [
    Permission.FOLLOW,
    Permission.COMMENT,
    Permission.WRITE,
    Permission.MODERATE,
    Permission.ADMIN,
]


def test_permissions_have_the_values_of_the_contract():
    assert ALL == [1, 2, 4, 8, 16]


@pytest.mark.parametrize(
    ("name", "value", "is_default"),
    [("User", 7, True), ("Moderator", 15, False), ("Administrator", 31, False)],
)
def test_the_three_roles(app, name, value, is_default):
    role = Role.query.filter_by(name=name).one()
    assert (role.permissions, role.default) == (value, is_default)
    assert [role.has_permission(perm) for perm in ALL] == [value & perm == perm for perm in ALL]


def test_inserting_the_roles_commits(app):
    Role.query.delete()
    db.session.commit()
    Role.insert_roles()
    db.session.rollback()
    assert Role.query.count() == 3


def test_inserting_the_roles_again_changes_nothing(app):
    before = [(role.id, role.name, role.permissions, role.default) for role in Role.query]
    Role.insert_roles()
    assert [(role.id, role.name, role.permissions, role.default) for role in Role.query] == before


def test_inserting_the_roles_sets_spoiled_ones_back(app):
    for role in Role.query:
        role.permissions = 31 if role.name == "User" else 0
        role.default = not role.default
    db.session.commit()
    Role.insert_roles()
    found = {role.name: (role.permissions, role.default) for role in Role.query}
    assert found == {"User": (7, True), "Moderator": (15, False), "Administrator": (31, False)}


def test_inserting_the_roles_leaves_others_alone(app):
    db.session.add(Role(name="Guest", permissions=1))
    db.session.commit()
    Role.insert_roles()
    assert Role.named("Guest").permissions == 1


def test_a_role_is_found_by_its_name(app):
    assert Role.named("User").name == "User"
    assert Role.named("user") is None


@pytest.mark.parametrize("values", [{}, {"permissions": None}, {"name": "x"}])
def test_a_new_role_holds_nothing(values):
    assert Role(**values).permissions == 0


def test_a_new_role_holds_what_it_is_given():
    assert Role(permissions=5).permissions == 5


def test_a_new_role_is_not_the_default_one(app):
    role = Role(name="Guest")
    db.session.add(role)
    db.session.commit()
    assert role.default is False


def test_adding_a_permission_twice_adds_it_once():
    role = Role()
    role.add_permission(Permission.WRITE)
    role.add_permission(Permission.WRITE)
    assert role.permissions == Permission.WRITE


def test_removing_a_permission_twice_removes_it_once():
    role = Role(permissions=7)
    role.remove_permission(Permission.WRITE)
    role.remove_permission(Permission.WRITE)
    assert role.permissions == 3


def test_resetting_removes_all_permissions():
    role = Role(permissions=31)
    role.reset_permissions()
    assert role.permissions == 0


def test_a_role_has_a_sum_of_permissions_only_if_it_has_each():
    role = Role(permissions=Permission.FOLLOW | Permission.WRITE)
    assert role.has_permission(Permission.FOLLOW | Permission.WRITE)
    assert not role.has_permission(Permission.FOLLOW | Permission.COMMENT)
    assert role.has_permission(0)


def test_two_roles_cannot_have_one_name(app):
    db.session.add(Role(name="User"))
    with pytest.raises(IntegrityError):
        db.session.commit()


def test_a_role_shows_its_name():
    assert repr(Role(name="User")) == "<Role 'User'>"
