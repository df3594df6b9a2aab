"""The source of the application as the rules see it: modules, what they import, what they call."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"


@dataclass(frozen=True)
class Module:
    """A module of the application: its dotted name below `app`, and its syntax tree."""

    name: str
    tree: ast.Module
    is_package: bool = False

    @classmethod
    def parse(cls, name: str, text: str) -> "Module":
        return cls(name, ast.parse(text))

    @property
    def room(self) -> str:
        """Return the first word of the name: the folder or the file at the top of app/."""
        return self.name.split(".")[0]

    def functions(self) -> Iterator[ast.FunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef))

    def imported(self) -> Iterator[str]:
        """Yield the dotted names below `app` that this module imports."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                yield from self._resolve(node)
            elif isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "app":
                yield node.module
            elif isinstance(node, ast.Import):
                yield from (a.name for a in node.names if a.name.split(".")[0] == "app")

    def names_from(self, package: str) -> set[str]:
        """Return what this module imports from the library `package` by name."""
        return {
            alias.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and not node.level and node.module == package
            for alias in node.names
        }

    def _resolve(self, node: ast.ImportFrom) -> Iterator[str]:
        here = self.name.split(".")
        up = node.level - 1 if self.is_package else node.level
        base = here[: len(here) - up]
        if node.module:
            yield ".".join([*base, node.module])
        else:
            yield from (".".join([*base, alias.name]) for alias in node.names)


@cache
def modules() -> list[Module]:
    """Return every module of the application."""
    return [_read(path) for path in sorted(APP.rglob("*.py"))]


def _read(path: Path) -> Module:
    parts = list(path.relative_to(APP).with_suffix("").parts)
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, ast.parse(path.read_text()), is_package)


def text_files(*folders: str, endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files with these endings below folders of the application."""
    for folder in folders:
        for path in sorted((APP / folder).rglob("*")):
            if path.suffix in endings:
                yield path
