"""Calls run downwards: a floor imports only what stands lower (docs/architecture.md)."""

import ast

import pytest

from tests.architecture.source import Module, modules

FLOORS = (
    ("exceptions", "lib"),
    ("database",),
    ("extensions",),
    ("models",),
    ("policies",),
    ("queries",),
    ("email", "adapters"),
    ("decorators", "web"),
    ("fake", "care"),
    ("main", "auth", "api", "ops", "jobs"),
    ("cli",),
    ("startup",),
    ("",),  # app/__init__.py
)
HEIGHT = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
DOORS = {"main", "auth", "api", "ops", "jobs"}
INNER = {"lib", "models", "policies", "queries"}
OF_THE_OUTSIDE = {"flask", "werkzeug", "sqlalchemy", "huey", "smtplib"}
OF_A_REQUEST = {"request", "session", "g", "current_user", "url_for", "flash"}


def imports_upwards(module: Module) -> list[str]:
    return [
        name
        for name in module.imported()
        if name.split(".")[0] != module.room and HEIGHT[name.split(".")[0]] > HEIGHT[module.room]
    ]


def imports_another_door(module: Module) -> list[str]:
    if module.room not in DOORS:
        return []
    return [name for name in module.imported() if name.split(".")[0] in DOORS - {module.room}]


def imports_the_application(module: Module) -> list[str]:
    return [name for name in module.imported() if name.split(".")[0] == "app"]


def hides_imports(module: Module) -> list[str]:
    return [
        function.name
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def knows_the_request(module: Module) -> set[str]:
    if module.room not in INNER:
        return set()
    return (module.names_from("flask") | module.names_from("flask_login")) & OF_A_REQUEST


def is_not_pure(module: Module) -> set[str]:
    """Return the parts of the web and the database that a module of `lib` imports."""
    if module.room != "lib":
        return set()
    names = {alias.name for node in _imports(module, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in _imports(module, ast.ImportFrom) if not node.level}
    return {name for name in names if name.split(".")[0].split("_")[0] in OF_THE_OUTSIDE}


def _imports(module: Module, kind: type) -> list:
    return [node for node in ast.walk(module.tree) if isinstance(node, kind)]


RULES = (
    (imports_upwards, "queries.x", "from ..main.posts import index"),
    (imports_another_door, "main.x", "from ..auth.login import login"),
    (imports_the_application, "models.x", "from app.extensions import db"),
    (hides_imports, "web.x", "def f():\n    import json"),
    (knows_the_request, "models.x", "from flask import request"),
    (is_not_pure, "lib.x", "import flask_login"),
)


@pytest.mark.parametrize("rule", [rule for rule, _, _ in RULES], ids=lambda rule: rule.__name__)
def test_no_module_breaks_the_rule(rule):
    broken = {module.name: found for module in modules() if (found := rule(module))}
    assert not broken


@pytest.mark.parametrize(("rule", "name", "text"), RULES, ids=lambda v: getattr(v, "__name__", ""))
def test_the_rule_notices_a_module_that_breaks_it(rule, name, text):
    assert rule(Module.parse(name, text))


def test_every_room_has_its_floor():
    assert {module.room for module in modules()} <= set(HEIGHT)


def cycles(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules that import themselves by way of others."""
    found = []
    for start in graph:
        reached, ahead = set(), list(graph[start])
        while ahead:
            name = ahead.pop()
            if name not in reached:
                reached.add(name)
                ahead.extend(graph.get(name, ()))
        if start in reached:
            found.append(start)
    return found


def test_no_module_imports_itself_by_way_of_others():
    known = {module.name for module in modules()}
    graph = {
        module.name: {name for name in module.imported() if name in known and name != module.name}
        for module in modules()
    }
    assert cycles(graph) == []


def test_a_cycle_is_noticed():
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]
