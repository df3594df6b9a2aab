"""The settings file: taken whole or not at all."""

import os
import subprocess
import sys

import pytest

from deploy.environment import CANNOT_START, load_env_file, read_env_file
from tests.operations.site import PROJECT


@pytest.fixture
def env_file(tmp_path, monkeypatch):
    """A function that writes `.env`, in an environment that holds nothing else."""
    monkeypatch.setattr(os, "environ", {})

    def write(text, mode=0o600):
        path = tmp_path / ".env"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    return write


def refusal(capsys, action, *arguments):
    """The sentence with which `action` ends the program."""
    with pytest.raises(SystemExit) as exit_info:
        action(*arguments)
    assert exit_info.value.code == CANNOT_START
    (sentence,) = capsys.readouterr().err.splitlines()
    return sentence


def test_no_file_means_no_settings(tmp_path):
    assert read_env_file(tmp_path / ".env") == {}


def test_comments_quotes_and_references_are_understood(env_file):
    text = "# a comment\n\nA=1\nexport B='two words' # why\nC=\"$A ${A}\"\nD=\n"
    assert read_env_file(env_file(text)) == {"A": "1", "B": "two words", "C": "$A 1", "D": ""}


def test_what_the_environment_holds_wins(env_file):
    os.environ["A"] = "from outside"
    load_env_file(env_file("A=1\nB=2\n"))
    assert (os.environ["A"], os.environ["B"]) == ("from outside", "2")


@pytest.mark.parametrize(
    "line", ["SECRET KEY=hush", "hush", "=hush", "KEY: hush", "KEY='hush", "2KEY=hush", "A=hu\0sh"]
)
def test_a_line_that_is_no_setting_is_named_but_not_repeated(env_file, capsys, line):
    sentence = refusal(capsys, load_env_file, env_file(f"A=1\n# note\n{line}\nB=2\n"))
    assert "line 3: expected NAME=value" in sentence
    assert "hush" not in sentence
    assert not {"A", "B"} & os.environ.keys()


def test_a_file_that_is_no_text_is_refused(env_file, capsys):
    assert "is not a text file" in refusal(capsys, load_env_file, env_file(b"A=\xff\xfe"))


def test_a_directory_in_its_place_is_refused(tmp_path, capsys):
    (tmp_path / ".env").mkdir()
    assert "cannot be read" in refusal(capsys, load_env_file, tmp_path / ".env")


def test_secrets_of_a_real_site_must_not_be_readable_for_everyone(env_file, capsys):
    path = env_file("SECRET_KEY=x\nFLASK_CONFIG=production\n", mode=0o644)
    assert refusal(capsys, load_env_file, path).endswith(f"Run: chmod 600 '{path}'")


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("SECRET_KEY=x\nFLASK_CONFIG=production\n", 0o640),
        ("SECRET_KEY=x\nFLASK_CONFIG=development\n", 0o644),
        ("SECRET_KEY=x\n", 0o644),
        ("FLASK_CONFIG=production\n", 0o644),
    ],
)
def test_other_files_may_be_read_by_others(env_file, text, mode):
    load_env_file(env_file(text, mode))


@pytest.mark.parametrize("name", ["WEB_CONCURRENCY", "WEB_THREADS"])
@pytest.mark.parametrize("value", ["abc", "0", "-1", "2.5", "", "٣"])
def test_a_number_of_the_web_server_that_is_none_is_named(env_file, capsys, name, value):
    sentence = refusal(capsys, load_env_file, env_file(f"{name}={value}\n"))
    assert sentence == f"{name}={value} is not a number. It takes one from 1 up."


def test_numbers_of_the_web_server_may_be_chosen_or_left_out(env_file):
    load_env_file(env_file("WEB_CONCURRENCY=8\n"))
    assert os.environ["WEB_CONCURRENCY"] == "8"
    assert "WEB_THREADS" not in os.environ


def test_gunicorn_alone_names_a_number_that_is_none():
    command = [sys.executable, "-m", "gunicorn", "--check-config", "flasky:app"]
    done = subprocess.run(
        [*command, "--config", "deploy/gunicorn.conf.py"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "WEB_THREADS": "abc"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (1, "WEB_THREADS=abc is not a number.\n")
