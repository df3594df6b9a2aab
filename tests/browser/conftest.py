"""A real site, a real browser, and visitors who notice what goes wrong."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.keyboard import KeyboardVisitor
from tests.browser.server import Server
from tests.browser.visitor import Visitor

HERE = Path(__file__).parent
ARGUMENTS = """
    --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync
""".split()
# Whatever a page may try, nothing leaves this machine.
ARGUMENTS.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost")


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium; without it the tests are skipped, or fail where they have to run."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        reason = "Chromium is not installed (apt-get install chromium), nor named by CHROMIUM"
        must_run = os.environ.get("CI") == "true" or os.environ.get("FLASKY_REQUIRE_BROWSER") == "1"
        (pytest.fail if must_run else pytest.skip)(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def running_site(chromium, tmp_path_factory):
    """The site, started once for all tests; at the end its log must hold no traceback."""
    server = Server(tmp_path_factory.mktemp("site"))
    try:
        server.start()
        yield server
    finally:
        server.stop()
    assert server.unexpected_faults == 0, server.log


@pytest.fixture
def site(running_site):
    """The site, where nobody has tried anything too often yet."""
    running_site.write("DELETE FROM rate_limits")
    return running_site


@pytest.fixture(scope="session")
def log_ins():
    """The cookies of those who have logged in so far."""
    return {}


@pytest.fixture
def visit(chromium, site, log_ins):
    """Open a browser: `visit()` for a stranger, `visit("ada")` for somebody who is logged in.

    Options: keyboard=True for somebody without a mouse; script=False, width=360,
    color_scheme="dark" and what else Playwright takes for a browser context. When the test is
    over, no page may have misbehaved.
    """
    visitors = []

    def open_browser(who: str | None = None, *, keyboard=False, **options) -> Visitor:
        if who is not None and who not in log_ins:
            somebody = open_browser()
            somebody.go("/auth/login")
            somebody.log_in(f"{who}@example.com")
            log_ins[who] = somebody.context.storage_state()
        kind = KeyboardVisitor if keyboard else Visitor
        visitor = kind(chromium, site, storage_state=log_ins.get(who), **options)
        visitors.append(visitor)
        return visitor

    yield open_browser
    for visitor in visitors:
        visitor.context.close()
    assert not [fault for visitor in visitors for fault in visitor.unforgiven()]
