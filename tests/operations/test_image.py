"""What the Dockerfile says, done without Docker: its files alone, as a user without rights."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.operations.site import PATIENCE, PROJECT, end_all, free_port
from tests.operations.test_packaging import dockerfile

NOBODY = 65534
STATE = "/var/lib/flasky"


def unprivileged() -> dict:
    """What makes a program of `subprocess` run without rights."""
    if os.geteuid() != 0:
        return {}
    somebody = {"user": NOBODY, "group": NOBODY, "extra_groups": ()}
    try:
        subprocess.run([sys.executable, "-c", ""], cwd="/", check=True, **somebody)
    except PermissionError:
        pytest.skip("the Python of these tests lies where only root can reach it")
    return somebody


@pytest.fixture
def image():
    """A directory like the root of a container: `site` holds the code, `state` is the volume."""
    root = Path(tempfile.mkdtemp(prefix="flasky-image-"))
    root.chmod(0o755)
    site, state = root / "site", root / "state"
    site.mkdir()
    state.mkdir(mode=0o700)
    for word, argument in dockerfile():
        sources = argument.split()[:-1]
        if word != "COPY" or argument.startswith("--from") or sources == ["requirements"]:
            continue
        for source in sources:
            if (PROJECT / source).is_dir():
                leave_out = shutil.ignore_patterns("__pycache__")
                shutil.copytree(PROJECT / source, site / source, ignore=leave_out)
            else:
                shutil.copy(PROJECT / source, site)
    if os.geteuid() == 0:
        os.chown(state, NOBODY, NOBODY)
    yield root
    shutil.rmtree(root)


def environment(root: Path, port: int) -> dict:
    """The environment of the image, with its volume in `root`."""
    (text,) = [
        argument for word, argument in dockerfile() if word == "ENV" and "FLASK_APP" in argument
    ]
    settings = dict(pair.split("=", 1) for pair in shlex.split(text))
    settings = {name: value.replace(STATE, str(root / "state")) for name, value in settings.items()}
    bin_folder = str(Path(sys.executable).parent)
    return {
        **settings,
        "PATH": f"{bin_folder}:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "FLASKY_BASE_URL": f"http://localhost:{port}",
        "SECRET_KEY": "only for the test of the image",
    }


def test_the_image_serves_as_a_user_who_may_write_to_the_volume_alone(image):
    (entry,) = [argument for word, argument in dockerfile() if word == "ENTRYPOINT"]
    (check,) = [argument for word, argument in dockerfile() if word == "HEALTHCHECK"]
    command = json.loads(check.partition("CMD")[2])
    where = {"cwd": image / "site", "env": environment(image, free_port()), **unprivileged()}
    before = sorted((image / "site").rglob("*"))
    log = image / "log"
    with log.open("w") as output:
        site = subprocess.Popen(
            json.loads(entry), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, **where,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 2 * PATIENCE
        while subprocess.run(command, capture_output=True, timeout=PATIENCE, **where).returncode:
            assert site.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        site.send_signal(signal.SIGTERM)
        assert site.wait(timeout=2 * PATIENCE) == 0, log.read_text()
    finally:
        end_all(site)
    assert sorted((image / "site").rglob("*")) == before
    assert (image / "state/data.sqlite").stat().st_size > 0
    assert "Traceback" not in log.read_text()
