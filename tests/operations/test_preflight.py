"""Where boot.sh will listen, and which settings it passes on."""

import os
import shlex
import subprocess
import sys

import pytest

from tests.operations.site import PROJECT, free_port


@pytest.fixture
def preflight(tmp_path):
    """Run it beside a `.env`; the settings that a shell would have afterwards."""

    def run(env_file="", **environment):
        (tmp_path / ".env").write_text(env_file)
        (tmp_path / ".env").chmod(0o600)
        inherited = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)}
        done = subprocess.run(
            [sys.executable, "-m", "deploy.preflight"],
            cwd=tmp_path,
            env=inherited | environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        words = [word for word in shlex.split(done.stdout) if word != "export"]
        return environment | dict(word.split("=", 1) for word in words)

    return run


@pytest.fixture
def port():
    return str(free_port())


def test_a_local_site_listens_where_its_address_says(preflight, port):
    settings = preflight(f"FLASKY_BASE_URL=http://localhost:{port}\n")
    assert (settings["HOST"], settings["PORT"]) == ("127.0.0.1", port)
    assert settings["site"] == f"http://localhost:{port}"


def test_a_port_from_outside_moves_a_local_site_for_once(preflight, port):
    settings = preflight("FLASKY_BASE_URL=http://localhost:5000\n", PORT=port)
    assert settings["FLASKY_BASE_URL"] == settings["site"] == f"http://localhost:{port}"


def test_a_port_in_the_file_is_meant_as_it_is(preflight, port):
    settings = preflight(f"PORT={port}\nFLASKY_BASE_URL=http://localhost:8080\n")
    assert settings["PORT"] == port
    assert settings["FLASKY_BASE_URL"] == settings["site"] == "http://localhost:8080"


@pytest.mark.parametrize("site", ["https://blog.example.org", "https://localhost:8443"])
def test_a_site_behind_a_proxy_stays_where_it_is(preflight, port, site):
    settings = preflight(f"FLASKY_BASE_URL={site}\n", PORT=port)
    assert settings["FLASKY_BASE_URL"] == settings["site"] == site


def test_a_site_without_an_address_gets_none(preflight, port):
    settings = preflight(PORT=port)
    assert settings["site"] == f"http://localhost:{port}"
    assert "FLASKY_BASE_URL" not in settings  # the application decides whether it can do without


def test_another_host_can_be_asked_for(preflight, port):
    assert preflight(PORT=port, HOST="0.0.0.0")["HOST"] == "0.0.0.0"


def test_values_pass_through_the_shell_unharmed(preflight, port):
    password = 'a b"c$HOME`ls`;*'
    assert preflight(f"MAIL_PASSWORD='{password}'\n", PORT=port)["MAIL_PASSWORD"] == password
