"""Only doors, jobs and commands commit, so that two verbs can make one act."""

import ast

from tests.architecture.source import Module, modules

MAY_COMMIT = {"main", "auth", "api", "jobs", "cli"}
# The contract asks two to commit by themselves; the session passes on what it is told.
EXCEPTIONS = {"models.role", "fake.loading", "database.session"}


def commits(module: Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]


def test_only_doors_jobs_and_commands_commit():
    others = {
        module.name: found
        for module in modules()
        if module.room not in MAY_COMMIT and (found := commits(module))
    }
    assert set(others) == EXCEPTIONS


def test_a_commit_is_noticed():
    assert commits(Module.parse("models.x", "def f():\n    db.session.commit()"))
