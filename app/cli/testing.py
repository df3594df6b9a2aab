"""`flask test` and `flask profile`: is it right, and where does the time go?"""

import os
import sys
from importlib.util import find_spec
from itertools import dropwhile
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
    """Run the tests: all but the slow ones in tests/faults, or those that NAMES point to.

    A name is a path (tests/models/test_user.py), a pytest id (…/test_user.py::test_x), a module
    (tests.models.test_user) or a word that the names of the tests contain (follow). Options of
    pytest itself come last, after two dashes: flask test follow -- -x --last-failed
    """
    if find_spec("pytest") is None:
        raise click.ClickException(
            "The tests need more packages: pip install -r requirements/dev.txt"
        )
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "--rootdir", "."]
    targets, options = _pytest_arguments(names)
    if not targets:
        # On two processors at once. A file stays with one, for what it sets up; in their own order
        # the long ones, in Chromium, do not come last. Those that break a running site or look
        # at other databases take as long as all others together, and are asked for by name.
        command += ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
        command += ["-m", "not faults and not servers"]
    if coverage:
        for stale in (PROJECT / "tmp").glob("coverage.sqlite*"):
            stale.unlink()
        # flasky.py comes first and starts the measuring: by now it would be too late, since
        # the application has been imported.
        command += ["-p", "flasky", "-p", "tests.plugins.coverage_summary"]
    os.chdir(PROJECT)
    sys.stdout.flush()
    os.execve(  # noqa: S606 - pytest and nothing else
        sys.executable, command + targets + options, _environment(coverage)
    )


def _environment(coverage):
    """What tests may see: not the settings of the site, which Flask has read from .env by now."""
    site = {name for name in dotenv_values(PROJECT / ".env") if not name.startswith("TEST_")}
    kept = {name: value for name, value in os.environ.items() if name not in site}
    kept.pop("FLASK_COVERAGE", None)
    return kept | {"FLASK_CONFIG": "testing"} | ({"FLASK_COVERAGE": "1"} if coverage else {})


def _pytest_arguments(names):
    """What pytest has to be given for `names`: which tests, and options of its own.

    Words are searched for together, with "or".
    """
    options = list(dropwhile(lambda name: not name.startswith("-"), names))
    names = names[: len(names) - len(options)]
    targets = [_target(name) for name in names]
    words = [name for name, target in zip(names, targets, strict=True) if target is None]
    chosen = [target for target in targets if target is not None]
    return chosen + (["-k", " or ".join(words)] if words else []), options


def _target(name):
    """`name` as pytest takes it: a path or an id; None for a mere word."""
    if "/" in name or "::" in name or name.endswith(".py"):
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
