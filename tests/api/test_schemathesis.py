"""Invented requests against a running server; the long run is benchmarks/api_conformance.py."""

import pytest

from benchmarks.api_conformance import ROLES, cases_of, check, server


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with server(folder) as address:
        yield address


@pytest.mark.parametrize("role", ROLES)
def test_the_api_keeps_to_its_description(site, tmp_path, role):
    done = check(site, role, 100, tmp_path, "--phases", "examples,fuzzing")
    assert done.returncode == 0, done.stdout + done.stderr
    assert cases_of(done.stdout) >= 100
