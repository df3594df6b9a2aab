"""Settings live in config.py, once each."""

import ast
import re
from collections.abc import Iterator

from config import Config
from tests.architecture.source import ROOT, Module, modules, text_files

# Read by the libraries that they are named after.
FOR_LIBRARIES = re.compile(
    r"^(MAIL_|SQLALCHEMY_|SESSION_COOKIE_|WTF_|MAX_|SEND_FILE_|RATELIMIT_|SECRET_KEY)"
)


def read_by(module: Module) -> Iterator[str]:
    """Yield the settings that the module reads as `config["NAME"]`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            owner = getattr(node.value, "attr", getattr(node.value, "id", ""))
            if owner == "config" and isinstance(node.slice, ast.Constant):
                yield node.slice.value


def reads_the_environment(module: Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and getattr(node.value, "id", "") not in {"request", "asked"}  # that of a request
    ]


def _defined() -> set[str]:
    return {name for name in vars(Config) if name.isupper()}


def _text_of_config() -> str:
    return (ROOT / "config.py").read_text()


def test_every_setting_that_is_read_is_defined():
    read = {name for module in modules() for name in read_by(module)}
    # Derived from others when the application starts, or named by each way of running.
    set_at_start = {"TRUSTED_HOSTS", "PREFERRED_URL_SCHEME", "SESSION_COOKIE_SECURE"}
    set_at_start |= {"SQLALCHEMY_DATABASE_URI"}
    assert read - _defined() - set_at_start == set()


def test_every_setting_that_is_defined_is_read():
    sources = "".join(path.read_text() for path in text_files("", endings=(".py", ".html")))
    # config.py itself uses some when the application starts.
    sources += " ".join(f'"{name}"' for name in re.findall(r"cls\.(\w+)", _text_of_config()))
    unread = set()
    for name in _defined():
        # Limits and page sizes are asked for by the last part of their names.
        kind = re.sub(r"^FLASKY_(LIMIT_(\w+)|(\w+)_PER_PAGE)$", r"\2\3", name)
        if not FOR_LIBRARIES.match(name) and not re.search(rf"""["']{kind}["']""", sources):
            unread.add(name)
    assert unread == set()


def test_nobody_but_the_configuration_reads_the_environment():
    readers = {module.name for module in modules() if reads_the_environment(module)}
    # It starts another process, whose environment it has to make.
    assert readers <= {"cli.testing"}


def test_a_reader_of_the_environment_is_noticed():
    assert reads_the_environment(Module.parse("web.x", "import os\nos.environ['HOME']"))


def test_every_setting_of_the_environment_is_explained():
    text = (ROOT / "config.py").read_text()
    names = set(re.findall(r'(?:environ\.get|_flag|_number)\(\s*"([A-Z_]+)"', text))
    example = (ROOT / ".env.example").read_text()
    assert {name for name in names if name not in example} <= {"DYNO"}
