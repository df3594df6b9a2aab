"""The files that operators and platforms read, checked without those platforms."""

import re
import shlex
import subprocess
import tomllib

import pytest
import yaml

from tests.operations.site import PROJECT

REQUIREMENTS = sorted((PROJECT / "requirements").glob("*.txt"))
COMPOSE_FILES = ["docker-compose.yml", "docker-compose.mariadb.yml"]
SECRET_NAMES = re.compile(r"KEY|PASSWORD|SECRET|TOKEN")


def lines_of(path):
    """The lines of a text file that are neither empty nor comments."""
    lines = (line.strip() for line in (PROJECT / path).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def compose(name):
    return yaml.safe_load((PROJECT / name).read_text())


def dockerfile():
    """The instructions of the Dockerfile, as pairs of a word and its argument."""
    text = "\n".join(lines_of("Dockerfile")).replace("\\\n", "")
    return [line.split(maxsplit=1) for line in text.splitlines()]


def packages(path, seen=()):
    """What pip would install for a requirements file, with the files it refers to."""
    found = {}
    for line in lines_of(path):
        if line.startswith("-r "):
            found |= packages((PROJECT / path).parent / line[3:], (*seen, path))
        else:
            name, _, version = line.partition("==")
            found[name.lower()] = version
    return found


# --- Requirements --------------------------------------------------------------------------


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_version_is_exact(path):
    for line in lines_of(path):
        assert re.fullmatch(r"-r \w+\.txt|[\w.-]+==[\w.]+", line), line


def test_a_package_is_pinned_in_one_place():
    names = [
        line.partition("==")[0].lower()
        for path in REQUIREMENTS
        for line in lines_of(path)
        if "==" in line
    ]
    assert sorted(names) == sorted(set(names))


def test_heroku_gets_what_it_needs_from_the_file_it_looks_for():
    assert {"flask", "gunicorn", "psycopg", "psycopg-binary"} <= packages("requirements.txt").keys()


@pytest.mark.parametrize("name", ["prod", "docker", "heroku"])
def test_tools_of_development_stay_at_home(name):
    assert not {"pytest", "playwright", "ruff"} & packages(f"requirements/{name}.txt").keys()


# --- Images and containers -----------------------------------------------------------------


def test_the_image_is_slim_and_runs_as_its_own_user():
    instructions = dockerfile()
    bases = [argument.split()[0] for word, argument in instructions if word == "FROM"]
    assert all(re.fullmatch(r"python:3\.\d+-slim", base) for base in bases)
    assert len(bases) == 2
    assert [argument for word, argument in instructions if word == "USER"] == ["flasky"]
    words = [word for word, _argument in instructions]
    assert words.index("USER") < words.index("ENTRYPOINT")


def test_the_image_listens_where_it_is_looked_for():
    instructions = dict(dockerfile())
    assert instructions["EXPOSE"] == "5000"
    assert "deploy/healthcheck.py" in instructions["HEALTHCHECK"]
    settings = dict(pair.split("=", 1) for pair in shlex.split(instructions["ENV"]))
    assert settings["FLASK_CONFIG"] == "docker"
    assert (settings["HOST"], settings["PORT"]) == ("0.0.0.0", "5000")


def test_everything_that_is_copied_exists_and_is_let_through():
    copied = [
        source
        for word, argument in dockerfile()
        if word == "COPY" and not argument.startswith("--from")
        for source in argument.split()[:-1]
    ]
    let_through = {line[1:] for line in lines_of(".dockerignore") if line.startswith("!")}
    assert set(copied) == let_through
    assert [name for name in copied if not (PROJECT / name).exists()] == []


@pytest.mark.parametrize("name", COMPOSE_FILES)
def test_the_services_are_complete(name):
    services = compose(name)["services"]
    assert services.keys() == {"web", "worker", "database", "redis"}
    base = compose("docker-compose.yml")["services"]
    for key, service in services.items():
        whole = base[key] | service if "extends" in service else service
        assert whole["restart"] == "unless-stopped", key
        assert whole["volumes"], key
        # That of the web server is in the Dockerfile.
        assert key == "web" or "healthcheck" in whole, key


@pytest.mark.parametrize("name", COMPOSE_FILES)
def test_every_volume_is_declared(name):
    base = compose("docker-compose.yml")["services"]
    used = {
        volume.partition(":")[0]
        for key, service in compose(name)["services"].items()
        for volume in service.get("volumes") or base[key]["volumes"]
    }
    assert used == compose(name)["volumes"].keys()


@pytest.mark.parametrize("name", COMPOSE_FILES)
def test_no_secret_stands_in_a_compose_file(name):
    for key, service in compose(name)["services"].items():
        for setting, value in service.get("environment", {}).items():
            if SECRET_NAMES.search(setting) and "RANDOM" not in setting:
                assert value.startswith("${"), f"{key}: {setting}"
            for password in re.findall(r"://[^:/]+:(.*?)@", value):
                assert password.startswith("${"), f"{key}: {setting}"


def test_the_site_is_not_published_to_the_whole_network():
    assert compose("docker-compose.yml")["services"]["web"]["ports"] == ["127.0.0.1:5000:5000"]


# --- Other platforms -----------------------------------------------------------------------


def test_the_procfile_names_the_three_processes():
    processes = dict(line.split(": ", 1) for line in lines_of("Procfile"))
    assert processes.keys() == {"release", "web", "worker"}
    assert processes["release"].endswith("flask --app flasky deploy")
    assert processes["web"].endswith("flasky:app")
    assert processes["worker"].endswith("flask --app flasky worker")


def test_the_settings_example_names_every_setting_of_config():
    example = (PROJECT / ".env.example").read_text()
    config = (PROJECT / "config.py").read_text()
    read = set(re.findall(r'(?:environ(?:\.get)?[(\[]|_\w+\()"([A-Z_]+)"', config))
    assert "SECRET_KEY" in read
    # Heroku sets it; nobody writes it by hand.
    missing = {name for name in read - {"DYNO"} if not re.search(rf"(?m)^#?{name}=", example)}
    assert missing == set()


def test_settings_and_data_stay_out_of_the_repository():
    if not (PROJECT / ".git").exists():
        pytest.skip("not a git checkout")
    names = [".env", "data.sqlite", "data-dev.sqlite-wal", "venv/bin/python", "tmp/coverage/x"]
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", *names], cwd=PROJECT, capture_output=True, text=True
    )
    assert ignored.stdout.splitlines() == names


def test_scripts_can_be_executed():
    assert all((PROJECT / name).stat().st_mode & 0o111 for name in ("boot.sh", ".ci/run"))


def test_the_tools_agree_on_the_python_that_is_needed():
    with (PROJECT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["tool"]["ruff"]["target-version"] == "py311"
    assert "version_info < (3, 11)" in (PROJECT / "boot.sh").read_text()
