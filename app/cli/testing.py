"""`flask test` and `flask profile`: is it right, and where does the time go?"""

import os
import runpy
import sys
from importlib.util import find_spec
from pathlib import Path

import click
from dotenv import dotenv_values
from flask import current_app
from flask.cli import with_appcontext
from werkzeug.middleware.profiler import ProfilerMiddleware
from werkzeug.serving import run_simple

PROJECT = Path(__file__).resolve().parents[2]


@click.command()
@click.option(
    "--coverage/--no-coverage",
    default=False,
    help="Also show which lines and branches of app/ the tests ran.",
)
@click.argument("names", nargs=-1)
def test(coverage, names):
    """Run the tests: all of them, or those that NAMES point to.

    A name is a path (tests/models/test_user.py), a pytest id (…/test_user.py::test_x), a module
    (tests.models.test_user) or a word that the names of the tests contain (follow). Options of
    pytest itself come after two dashes: flask test -- -x --last-failed
    """
    if find_spec("pytest") is None:
        raise click.ClickException(
            "The tests need more packages: pip install -r requirements/dev.txt"
        )
    if os.environ.get("FLASK_CONFIG") != "testing" or (
        coverage and "FLASK_COVERAGE" not in os.environ
    ):
        _run_again(coverage)
    # Servers that a test starts are measured by coverage itself, not once more by flasky.py.
    os.environ.pop("FLASK_COVERAGE", None)
    os.chdir(PROJECT)
    plugin = ["-p", "tests.plugins.coverage_summary"] if coverage else []
    sys.argv = ["pytest", *plugin, *_pytest_arguments(names)]
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)


def _run_again(coverage):
    """Replace this process by one that sees the settings of tests only, from its first line on.

    Coverage has to start before the application is imported, and by now it has been.
    """
    environment = dict(os.environ)
    for name in dotenv_values(PROJECT / ".env"):
        if not name.startswith("TEST_"):
            environment.pop(name, None)
    environment |= {"FLASK_APP": str(PROJECT / "flasky.py")}
    environment |= {"FLASK_CONFIG": "testing", "FLASK_SKIP_DOTENV": "1"}
    if coverage:
        environment["FLASK_COVERAGE"] = "1"
        for stale in (PROJECT / "tmp").glob("coverage.sqlite*"):
            stale.unlink()
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "flask", *sys.argv[1:]], environment)


def _pytest_arguments(names):
    """What pytest has to be given for `names`; words are searched for together, with "or"."""
    targets = [_target(name) for name in names]
    words = [name for name, target in zip(names, targets, strict=True) if target is None]
    return [
        *(target for target in targets if target is not None),
        *(["-k", " or ".join(words)] if words else []),
    ]


def _target(name):
    """`name` as pytest takes it: an option, a path or an id; None for a mere word."""
    if name.startswith("-") or "/" in name or "::" in name or name.endswith(".py"):
        return name
    parts = name.split(".")
    for end in range(len(parts), 1, -1):
        path = Path(*parts[:end])
        if (PROJECT / path.with_suffix(".py")).exists():
            return "::".join([str(path.with_suffix(".py")), *parts[end:]])
        if (PROJECT / path).exists():
            return str(path)
    return None


@click.command()
@click.option("--length", default=25, show_default=True, help="How many functions to list.")
@click.option(
    "--profile-dir",
    type=click.Path(file_okay=False, writable=True, path_type=Path),
    help="Also write a file per request there, for pstats or a viewer.",
)
@with_appcontext
def profile(length, profile_dir):
    """Serve the site and print, after each request, where its time went."""
    app = current_app._get_current_object()
    app.debug = False
    if profile_dir:
        profile_dir.mkdir(parents=True, exist_ok=True)
    profiled = ProfilerMiddleware(app, restrictions=[length], profile_dir=profile_dir)
    # Not app.run(): under the flask command that does nothing.
    run_simple("127.0.0.1", app.config["PORT"], profiled)
