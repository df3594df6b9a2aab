"""boot.sh, run for real: what it makes, what it passes on, and how it says no."""

import os
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from tests.operations.site import (
    PROJECT,
    PYTHON_SCRIPT,
    Server,
    free_port,
    is_listening,
    wait_until,
)

NOTHING_TO_WAIT_FOR = "#!/bin/sh\nexit 0\n"  # in place of sleep


def only_line(text):
    """The one line of `text`; that there is exactly one is part of the promise."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]


# --- Commands ------------------------------------------------------------------------------


def test_arguments_go_to_flask_as_they_are(site, tmp_path):
    done = site.boot("echo", "two words", "--", "-x", "*", "", cwd=tmp_path)
    assert done.stdout == "<echo><two words><--><-x><*><>\n"
    assert done.returncode == 0


def test_the_status_of_a_command_is_passed_on(site):
    (site.path / "deploy-statuses").write_text("9")
    assert site.boot("deploy").returncode == 9


def test_the_answer_of_a_command_holds_nothing_of_the_set_up(site):
    done = site.boot("echo")  # this first run writes .env, too
    assert done.stdout == "<echo>\n"
    assert "Wrote .env" in done.stderr


def test_tests_run_with_their_own_configuration_and_touch_no_settings(site):
    (site.path / ".env").write_text("FLASK_CONFIG=production\n")
    done = site.boot("test")
    assert done.stdout == "testing\n", done.stderr
    assert (site.path / ".env").read_text() == "FLASK_CONFIG=production\n"


def test_a_benchmark_is_a_program_of_its_own_and_touches_no_settings(site):
    package = site.path / "benchmarks"
    package.mkdir()
    (package / "__main__.py").write_text("import sys; print(sys.argv[1:])\n")
    done = site.boot("benchmark", "--size", "S")
    assert done.stdout == "['--size', 'S']\n", done.stderr
    assert not (site.path / ".env").exists()


def test_an_empty_home_is_no_obstacle(site):
    assert site.boot("home", HOME="").stdout == "none\n"


# --- The first run -------------------------------------------------------------------------


def test_the_first_run_writes_settings_that_only_their_owner_can_read(site):
    site.boot("echo", PORT="5123")
    lines = (site.path / ".env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert site.env_mode == 0o600
    assert settings.pop("SECRET_KEY")
    assert settings == {
        "FLASK_CONFIG": "production",
        "FLASKY_BASE_URL": "http://localhost:5123",
    }


def test_every_site_gets_a_long_key_of_its_own(site):
    keys = set()
    for _ in range(2):
        site.boot("echo")
        keys.add((site.path / ".env").read_text().partition("SECRET_KEY=")[2].splitlines()[0])
        (site.path / ".env").unlink()
    assert len(keys) == 2
    assert all(len(key) >= 43 and len(set(key)) >= 16 for key in keys)


def test_a_second_run_leaves_the_settings_alone(site):
    (site.path / ".env").write_text("FLASK_CONFIG=development\n")
    site.boot("echo")
    assert (site.path / ".env").read_text() == "FLASK_CONFIG=development\n"


@pytest.mark.parametrize("name", ["SECRET_KEY", "FLASK_CONFIG"])
def test_no_settings_are_written_where_the_environment_holds_them(site, name):
    site.boot("echo", **{name: "development"})
    assert not (site.path / ".env").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write everywhere")
def test_a_directory_that_cannot_be_written_is_named(site):
    site.path.chmod(0o500)
    done = site.boot("echo")
    site.path.chmod(0o700)
    assert only_line(done.stderr) == f"boot.sh: cannot write {site.path}/.env"
    assert done.returncode == 1


# --- Python and the packages ---------------------------------------------------------------


def test_the_environment_is_made_and_filled_when_there_is_none(site):
    shutil.rmtree(site.path / "venv")
    site.command("python3.11", PYTHON_SCRIPT)
    done = site.boot("echo")
    assert done.stdout == "<echo>\n", done.stderr
    assert "--requirement requirements/common.txt" in only_line(site.pip_log.read_text())


def test_what_is_installed_is_not_installed_again(site):
    site.boot("echo")
    site.boot("test")
    assert site.pip_log.read_text() == ""


def test_changed_requirements_are_installed(site):
    (site.path / "requirements/common.txt").write_text("another-package==2\n")
    site.boot("echo")
    site.boot("echo")
    assert "--requirement requirements/common.txt" in only_line(site.pip_log.read_text())


@pytest.mark.parametrize(
    "setting",
    [
        "DATABASE_URL=postgresql://flasky@localhost/flasky",
        "DATABASE_URL=postgres://flasky@localhost/flasky",
        "export DATABASE_URL='mysql+pymysql://flasky@localhost/flasky'",
        "REDIS_URL=redis://localhost:6379/0",
        "FLASKY_QUEUE_URL=rediss://localhost:6379/0",
        "RATELIMIT_STORAGE_URI=redis://localhost:6379/0",
    ],
)
def test_drivers_are_installed_where_the_settings_ask_for_them(site, setting):
    site.mark_as_installed("common")
    (site.path / ".env").write_text(f"{setting}\n")
    site.boot("echo")
    assert "--requirement requirements/prod.txt" in only_line(site.pip_log.read_text())


@pytest.mark.parametrize("setting", ["#DATABASE_URL=postgresql://x/y", "DATABASE_URL=sqlite:///x"])
def test_drivers_are_left_out_where_nothing_needs_them(site, setting):
    site.mark_as_installed("common")
    (site.path / ".env").write_text(f"{setting}\n")
    site.boot("echo")
    assert site.pip_log.read_text() == ""


def test_the_tests_bring_their_packages(site):
    site.mark_as_installed("prod")
    site.boot("test")
    assert "--requirement requirements/dev.txt" in only_line(site.pip_log.read_text())


def test_packages_that_cannot_be_installed_end_the_start(site):
    site.pip_log.unlink()  # let pip try
    site.mark_as_installed()
    done = site.boot("echo", PIP_NO_INDEX="1")
    *_progress, last = done.stderr.splitlines()
    assert last.startswith("boot.sh: cannot install the packages; is the network up? ERROR: ")
    assert "no-such-package==1" in last
    assert done.returncode == 1
    assert not (site.path / "venv/.installed-common").exists()


def test_a_python_without_venv_names_the_package_that_brings_it(site):
    shutil.rmtree(site.path / "venv")
    site.command("python", '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\n')
    done = site.boot("echo", PYTHON=f"{site.bin}/python")
    assert only_line(done.stderr) == (
        "boot.sh: this Python has no venv module. "
        "On Debian and Ubuntu: apt-get install python3-venv"
    )
    assert done.returncode == 1


def test_a_python_that_is_too_old_is_refused(site):
    shutil.rmtree(site.path / "venv")
    old = '#!/bin/sh\n[ "$1" = --version ] && { echo Python 3.9.2; exit; }\nexit 1\n'
    for name in ("python", "python3", *(f"python3.{minor}" for minor in range(11, 15))):
        site.command(name, old)
    done = site.boot("echo")
    assert only_line(done.stderr).startswith(
        "boot.sh: Flasky needs Python 3.11 or newer (found: Python 3.9.2). Install one"
    )
    assert done.returncode == 1


def test_a_python_named_by_hand_has_to_be_one(site):
    shutil.rmtree(site.path / "venv")
    done = site.boot("echo", PYTHON="/no/such/python")
    assert only_line(done.stderr) == (
        "boot.sh: PYTHON=/no/such/python is not a Python 3.11 or newer."
    )


def test_a_container_uses_the_packages_it_has(site):
    shutil.rmtree(site.path / "venv")
    site.command("python3", PYTHON_SCRIPT)
    done = site.boot("echo", FLASK_CONFIG="docker")
    assert done.stdout == "<echo>\n", done.stderr
    assert not (site.path / "venv").exists()
    assert not (site.path / ".env").exists()


def test_an_active_environment_with_the_packages_is_used_as_it_is(site, tmp_path):
    shutil.rmtree(site.path / "venv")
    site.script(tmp_path / "active/bin/python", PYTHON_SCRIPT)
    assert site.boot("echo", VIRTUAL_ENV=str(tmp_path / "active")).stdout == "<echo>\n"
    assert not (site.path / "venv").exists()


def test_an_active_environment_of_another_project_is_passed_over(site, tmp_path):
    site.script(tmp_path / "active/bin/python", "#!/bin/sh\nexit 1\n")
    assert site.boot("echo", VIRTUAL_ENV=str(tmp_path / "active")).stdout == "<echo>\n"


# --- Serving -------------------------------------------------------------------------------


def test_it_serves_says_where_and_stops_when_told(site):
    with site.serve() as server:
        server.wait_for("the worker works")
        assert "Hello, Stranger!" in server.get()
        assert server.stop() == 0
        assert f"Flasky is at http://localhost:{server.port} " in server.text
        assert "./boot.sh users role YOUR-ADDRESS Administrator" in server.text
        assert not is_listening(server.port)


def test_neither_tokens_nor_queries_reach_the_log(site):
    with site.serve() as server:
        for path in ("/auth/reset/SECRET", "/%61uth/confirm/SECRET%0Aline", "/x?next=SECRET"):
            server.get(path)
        server.wait_for("GET /x HTTP")
        server.stop()
        assert "GET /auth/reset/<token> HTTP" in server.text
        assert "SECRET" not in server.text


def test_ctrl_c_stops_it_too(site):
    with site.serve() as server:
        server.get()
        assert server.stop(signal.SIGINT) == 0
        assert not is_listening(server.port)


def test_it_takes_up_new_code_without_a_pause(site):
    with site.serve() as server:
        assert "Hello, Stranger!" in server.get()
        server.wait_for("the worker works")
        application = site.path / "flasky.py"
        application.write_text(application.read_text().replace("Stranger", "Friend"))
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "Hello, Friend!" in server.get())
        wait_until(lambda: server.text.count("the worker works") == 2)
        assert server.text.count("the worker works") == 2
        assert not server.has_ended
        assert server.stop() == 0
        assert not is_listening(server.port)


def test_when_the_worker_ends_everything_ends(site):
    with site.serve() as server:
        server.get()
        (site.path / "end-the-worker").touch()
        wait_until(lambda: server.has_ended)
        assert server.process.returncode == 1
        assert "boot.sh: the worker ended by itself" in server.text
        assert not is_listening(server.port)


def test_when_the_web_server_ends_everything_ends(site):
    with site.serve() as server:
        server.get()
        master = server.text.partition("Listening at")[2].partition("(")[2].partition(")")[0]
        os.kill(int(master), signal.SIGTERM)
        wait_until(lambda: server.has_ended)
        assert server.process.returncode == 1
        assert "boot.sh: the web server ended by itself" in server.text


def test_the_worker_can_be_left_out(site):
    with site.serve(FLASKY_WORKER="no") as server:
        server.get()
        assert server.stop() == 0
        assert "the worker works" not in server.text


def test_a_busy_port_is_named_with_a_free_one(site):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = site.boot(FLASK_CONFIG="development", PORT=str(port))
    line = only_line(done.stdout)
    assert line.startswith(f"Port {port} is in use. Stop what uses it, or take another: PORT=")
    assert done.returncode != 0


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "5000x", "٣"])
def test_a_port_that_is_none_is_refused(site, port):
    done = site.boot(FLASK_CONFIG="development", PORT=port)
    assert (
        only_line(done.stdout) == f"PORT={port} is not a port. It takes a number from 1 to 65535."
    )
    assert done.returncode != 0


def test_a_number_of_processes_that_is_none_is_refused(site):
    port = str(free_port())
    done = site.boot(FLASK_CONFIG="development", PORT=port, WEB_CONCURRENCY="abc")
    line = only_line(done.stdout)
    assert line == "WEB_CONCURRENCY=abc is not a number. It takes one from 1 up."
    assert done.returncode != 0


def test_a_host_that_is_elsewhere_is_refused(site):
    done = site.boot(FLASK_CONFIG="development", HOST="192.0.2.1", PORT=str(free_port()))
    assert only_line(done.stdout).startswith("Cannot listen on HOST=192.0.2.1, PORT=")
    assert done.returncode != 0


def test_a_broken_settings_file_is_named_with_its_line(site):
    (site.path / ".env").write_text("FLASK_CONFIG=production\nMAIL_PASSWORD 'hush\n")
    done = site.boot()
    assert only_line(done.stdout) == (
        f"{site.path}/.env, line 2: expected NAME=value. Nothing was started."
    )
    assert done.returncode != 0


# --- The database --------------------------------------------------------------------------


def test_a_database_that_comes_up_late_is_waited_for(site):
    site.command("sleep", NOTHING_TO_WAIT_FOR)
    (site.path / "deploy-statuses").write_text("75 75 0")
    with site.serve() as server:
        server.wait_for("Listening at")
        assert server.text.count("Deploy command failed, retrying in 5 secs...") == 2


def test_a_database_that_stays_away_is_given_up(site):
    site.command("sleep", NOTHING_TO_WAIT_FOR)
    (site.path / "deploy-statuses").write_text("75 " * 9)
    done = site.boot(FLASK_CONFIG="development", FLASKY_PATIENCE="10", PORT=str(free_port()))
    assert done.stdout.splitlines() == [
        "Deploy command failed, retrying in 5 secs...",
        "Deploy command failed, retrying in 5 secs...",
        "boot.sh: the database could not be reached for 10 seconds; see DATABASE_URL.",
    ]
    assert done.returncode == 1


def test_a_deploy_that_fails_for_another_reason_is_not_tried_again(site):
    (site.path / "deploy-statuses").write_text("1")
    done = site.boot(FLASK_CONFIG="development", PORT=str(free_port()))
    assert only_line(done.stdout) == (
        "boot.sh: flask deploy failed (status 1); what it said stands above."
    )
    assert done.returncode == 1


# --- With everything in place --------------------------------------------------------------


def test_the_real_site_comes_up(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "VIRTUAL_ENV": sys.prefix,
        "FLASK_CONFIG": "production",
        "SECRET_KEY": "only for this test, with many different characters",
        "DATABASE_URL": f"sqlite:///{tmp_path}/data.sqlite",
        "FLASKY_QUEUE_FILE": f"{tmp_path}/queue.sqlite",
        "PORT": str(free_port()),
        "WEB_CONCURRENCY": "1",
    }
    environment["FLASKY_BASE_URL"] = f"http://localhost:{environment['PORT']}"
    with Server(PROJECT / "boot.sh", environment, tmp_path / "server.log") as server:
        assert "Hello, Stranger!" in server.get()
        server.wait_for("The worker is ready.")
        assert server.stop() == 0


# --- The script itself ---------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("dash"), reason="needs dash, the strictest of our shells")
def test_it_is_plain_posix_shell():
    subprocess.run(["dash", "-n", PROJECT / "boot.sh"], check=True)
