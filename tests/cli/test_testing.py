"""`flask test` and `flask profile`, run as a developer would."""

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import testing
from tests.operations.site import free_port, is_listening, wait_until

PROJECT = Path(__file__).resolve().parents[2]
FLASK = [sys.executable, "-m", "flask"]

SAMPLE = """
import os

def test_that_passes():
    pass

def test_that_fails():
    assert os.environ["FLASK_CONFIG"] == "testing" and False

def test_that_runs_a_line_of_ours():
    from app.lib.clock import utcnow
    assert utcnow()
"""


@pytest.mark.parametrize(
    ("names", "targets"),
    [
        ([], []),
        (["tests/cli/test_testing.py"], ["tests/cli/test_testing.py"]),
        (["tests/cli/test_testing.py::test_x"], ["tests/cli/test_testing.py::test_x"]),
        (["tests.cli"], ["tests/cli"]),
        (["tests.cli.test_testing"], ["tests/cli/test_testing.py"]),
        (["tests.cli.test_testing.TestX.test_y"], ["tests/cli/test_testing.py::TestX::test_y"]),
        (["follow"], ["-k", "follow"]),
        (["follow", "tests.cli", "block"], ["tests/cli", "-k", "follow or block"]),
    ],
)
def test_names_are_what_one_would_type(names, targets):
    assert testing._pytest_arguments(names) == (targets, [])


@pytest.mark.parametrize("targets", [[], ["-k", "follow"]])
def test_what_begins_with_a_dash_and_all_behind_it_is_for_pytest(targets):
    options = ["-x", "-n", "2"]
    assert testing._pytest_arguments([*targets[1:], *options]) == (targets, options)


@pytest.fixture
def replaced_by(monkeypatch, tmp_path):
    """Run `flask test` with some arguments; get the command and environment it would become."""
    monkeypatch.setattr(testing, "PROJECT", tmp_path)
    monkeypatch.chdir(tmp_path)
    calls = []
    monkeypatch.setattr(os, "execve", lambda *call: calls.append(call))

    def invoke(*arguments, **settings):
        result = CliRunner(env=settings).invoke(testing.test, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        ((_program, command, environment),) = calls
        return " ".join(command), environment

    return invoke


def test_settings_of_the_site_do_not_reach_the_tests(replaced_by, tmp_path):
    (tmp_path / ".env").write_text("SECRET_KEY=a\nMAIL_SERVER=b\nTEST_DATABASE_URL=c\n")
    from_env_file = {"SECRET_KEY": "a", "MAIL_SERVER": "b", "TEST_DATABASE_URL": "c"}
    _command, environment = replaced_by(FLASK_COVERAGE="1", OTHER="d", **from_env_file)
    assert environment["TEST_DATABASE_URL"] == "c"
    assert environment["OTHER"] == "d"
    assert environment["FLASK_CONFIG"] == "testing"
    assert not {"SECRET_KEY", "MAIL_SERVER", "FLASK_COVERAGE"} & environment.keys()


def test_coverage_starts_with_the_first_import_and_from_nothing(replaced_by, tmp_path):
    stale = tmp_path / "tmp/coverage.sqlite.of.a.run.that.was.killed"
    stale.parent.mkdir()
    stale.touch()
    command, environment = replaced_by("--coverage", "follow")
    assert "-m pytest -c pyproject.toml --rootdir . -p flasky -p " in command
    assert command.endswith(" -k follow")
    assert environment["FLASK_COVERAGE"] == "1"
    assert not stale.exists()


def test_all_tests_run_in_two_processes(replaced_by):
    assert (
        " -n 2 --dist loadfile --no-loadscope-reorder -m not faults and not servers"
        in replaced_by()[0]
    )


def test_options_alone_change_nothing_about_which_tests_run(replaced_by):
    command, _environment = replaced_by("--", "-x")
    assert command.endswith(" -m not faults and not servers -x")
    assert " -n 2 " in command


def test_a_few_tests_run_in_one_process(replaced_by):
    assert " -n " not in replaced_by("follow")[0]


def test_without_the_packages_for_tests_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(testing, "find_spec", lambda name: None)
    result = CliRunner().invoke(testing.test)
    assert result.exit_code == 1
    assert "pip install -r requirements/dev.txt" in result.output


@pytest.fixture
def run(tmp_path):
    """Run `flask` in a directory of its own, beside a few tests to run there."""
    (tmp_path / "test_sample.py").write_text(SAMPLE)

    def run_flask(*arguments, project=PROJECT, **settings):
        return subprocess.run(
            [*FLASK, *arguments],
            cwd=tmp_path,
            env=environment() | {"FLASK_APP": str(project / "flasky.py")} | settings,
            capture_output=True,
            text=True,
            timeout=60,
        )

    run_flask.sample = str(tmp_path / "test_sample.py")
    return run_flask


def environment():
    """That of a shell, without what makes this process a test."""
    ours = {"FLASK_CONFIG", "FLASK_COVERAGE", "SECRET_KEY", "DATABASE_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"FLASK_SKIP_DOTENV": "1"}


def test_it_ends_with_the_status_of_pytest(run):
    done = run("test", run.sample)
    assert done.returncode == 1
    assert "1 failed, 2 passed" in done.stdout.splitlines()[-1]


def test_it_needs_neither_the_settings_nor_the_database_of_the_site(run):
    done = run(
        "test",
        f"{run.sample}::test_that_passes",
        FLASK_CONFIG="production",
        DATABASE_URL="postgresql://nobody@192.0.2.1/none",
    )
    assert done.returncode == 0, done.stderr


def test_coverage_is_shown_before_the_closing_line(run, tmp_path):
    # In a copy: what this run measures must not mix with what the run around it measures.
    project = copy_of_the_project(tmp_path / "copy")
    sample = f"{run.sample}::test_that_runs_a_line_of_ours"
    done = run("test", "--coverage", sample, project=project, COVERAGE_PROCESS_CONFIG="")
    assert done.returncode == 0, done.stderr + done.stdout
    assert "Coverage Summary:" in done.stdout
    assert "app/models/user.py" in done.stdout
    assert f"HTML report: file://{project}/tmp/coverage/index.html" in done.stdout
    assert (project / "tmp/coverage/index.html").exists()
    assert "1 passed" in done.stdout.splitlines()[-1]


def copy_of_the_project(path):
    for name in ("app", "deploy", "tests/plugins"):
        shutil.copytree(PROJECT / name, path / name, ignore=shutil.ignore_patterns("vendor"))
    for name in ("config.py", "flasky.py", "pyproject.toml"):
        shutil.copy(PROJECT / name, path)
    return path


def test_profile_prints_where_the_time_of_a_request_went(tmp_path):
    port = free_port()
    folder, output = tmp_path / "profiles", tmp_path / "output"
    with output.open("w") as stdout:
        server = subprocess.Popen(
            [*FLASK, "--app", "flasky", "profile", "--length", "3", "--profile-dir", folder],
            cwd=PROJECT,
            env=environment()
            | {"FLASK_CONFIG": "testing", "PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=stdout,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: is_listening(port))
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/static/favicon.svg", timeout=5
        ) as answer:
            answer.read()
        wait_until(lambda: "tottime" in output.read_text())
    finally:
        server.terminate()
        server.wait(timeout=10)
    assert "tottime" in output.read_text()
    assert "Debugger is active" not in output.read_text()
    assert len(list(folder.iterdir())) == 1
