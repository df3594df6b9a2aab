"""The units under deploy/systemd/, as systemd itself reads them."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.operations.site import PROJECT

UNITS = sorted((PROJECT / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]


def settings(unit) -> dict[str, list[str]]:
    """The settings of a unit; one that is given more than once has several values."""
    found = {}
    for name, value in re.findall(r"(?m)^([A-Za-z]+)=(.*)$", unit.read_text()):
        found.setdefault(name, []).append(value)
    return found


def test_there_is_a_unit_for_each_process_and_the_backup():
    assert [unit.name for unit in UNITS] == [
        "flasky-backup.service",
        "flasky-backup.timer",
        "flasky-web.service",
        "flasky-worker.service",
    ]


def test_systemd_understands_them(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    for unit in UNITS:
        text = unit.read_text().replace("/srv/flasky/venv/bin/python", sys.executable)
        text = text.replace("User=flasky\nGroup=flasky\n", "")  # nobody of that name lives here
        (tmp_path / unit.name).write_text(text.replace("/srv/flasky", str(tmp_path)))
    files = [tmp_path / unit.name for unit in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
        capture_output=True, text=True, timeout=60, env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "flasky-" in line]
    assert ours == []


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_no_service_can_do_more_than_it_must(unit):
    found = settings(unit)
    assert found["User"] == ["flasky"]
    for name, value in {
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "UMask": "0077",
        "SystemCallFilter": "@system-service",
    }.items():
        assert found[name] == [value], name


def test_a_reload_migrates_first_and_drops_no_request():
    found = settings(PROJECT / "deploy/systemd/flasky-web.service")
    assert [line.split()[-1] for line in found["ExecReload"]] == ["deploy", "$MAINPID"]
    assert "-HUP" in found["ExecReload"][1]
    assert int(found["TimeoutStopSec"][0]) > 30  # what gunicorn gives to requests under way


def test_all_services_find_the_same_data():
    places = {tuple(settings(unit)["Environment"]) for unit in SERVICES}
    assert len(places) == 1
