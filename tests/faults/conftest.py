"""What tests need that break things: sites, databases, and how much to break."""

import os
import random
from pathlib import Path

import pytest

from tests.adapters.mail_server import Postbox, serve
from tests.databases import new_database, server_at_hand
from tests.faults.site import FaultySite

HERE = Path(__file__).parent
_REPORTS = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("faults")


@pytest.fixture
def quick_passwords():
    """Nothing: the passwords here are hashed by another process."""


@pytest.fixture
def count(pytestconfig):
    """`count(few, many)`: few in the usual run, many with --full."""
    return lambda few, many: many if pytestconfig.getoption("--full") else few


@pytest.fixture
def seed():
    """What chance begins with; FAULT_SEED repeats an earlier run."""
    number = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"FAULT_SEED={number}")
    return number


@pytest.fixture
def report(request):
    """Say something about the run that is worth reading although it passed."""
    said = request.config.stash.setdefault(_REPORTS, [])
    return lambda sentence: said.append(f"{request.node.name}: {sentence}")


def pytest_terminal_summary(terminalreporter, config):
    for sentence in config.stash.get(_REPORTS, []):
        terminalreporter.write_line(sentence)


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def mail_server(postbox):
    """The port of a mail server that fills `postbox`."""
    with serve(postbox) as port:
        yield port


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """A new database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data.sqlite'}"
        return
    with new_database(server_at_hand(request.param)) as url:
        yield url


@pytest.fixture
def make_site(tmp_path):
    """Start a site: `make_site(database_url, **settings)`. It ends with the test."""
    sites = []

    def make(database_url: str, *, people: int = 8, **settings) -> FaultySite:
        site = FaultySite(tmp_path, database_url, **settings)
        sites.append(site)
        site.start(people)
        return site

    yield make
    for site in sites:
        site.stop()
