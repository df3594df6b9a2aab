"""Rooms stay small enough to be seen at a glance."""

import ast

from tests.architecture.source import APP, ROOT, Module, modules

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_ROUTE = 400, 40, 20


def too_long(module: Module, limit: int, is_meant) -> dict[str, int]:
    """Return the functions that `is_meant` and that have more lines than `limit`."""
    return {
        f"{module.name}.{function.name}": lines
        for function in module.functions()
        if is_meant(function) and (lines := function.end_lineno - function.lineno + 1) > limit
    }


def is_route(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in {"route", "get", "post", "put", "delete", "patch"}
        for decorator in function.decorator_list
    )


def test_files_stop_at_400_lines():
    files = [*APP.rglob("*.py"), ROOT / "config.py", ROOT / "flasky.py"]
    lengths = {path.name: len(path.read_text().splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_stop_at_40_lines():
    for module in modules():
        assert too_long(module, LONGEST_FUNCTION, lambda _function: True) == {}


def test_routes_stop_at_20_lines():
    for module in modules():
        assert too_long(module, LONGEST_ROUTE, is_route) == {}


def test_a_long_route_is_noticed():
    text = "@main.get('/')\ndef index():\n" + "    x = 1\n" * LONGEST_ROUTE
    assert too_long(Module.parse("main.x", text), LONGEST_ROUTE, is_route) == {"main.x.index": 21}
