"""Every promised job has a handler, and every handler is promised somewhere."""

import ast
from collections.abc import Iterator

from app.jobs.handlers import HANDLERS
from app.jobs.schedule import RECURRING
from tests.architecture.source import Module, modules


def promised_by(module: Module) -> Iterator[str]:
    """Yield the names of jobs that the module promises with `later`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "later":
            name = node.args[0]
            if isinstance(name, ast.Constant):
                yield name.value


def _promised() -> set[str]:
    return {name for module in modules() for name in promised_by(module)} | {
        name for name, _ in RECURRING
    }


def test_every_promised_job_has_a_handler():
    assert _promised() - set(HANDLERS) == set()


def test_every_handler_is_promised_somewhere():
    assert set(HANDLERS) - _promised() == set()


def test_a_promise_is_noticed():
    module = Module.parse("models.x", "later('mail.nobody_sends', user_id=1)")
    assert list(promised_by(module)) == ["mail.nobody_sends"]
