"""Which lines and branches of app/ the tests ran; printed before pytest's closing line.

`flask test --coverage` loads this plugin after flasky.py, which has started the measuring.
"""

import coverage
import pytest


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    if hasattr(terminalreporter.config, "workerinput"):
        return  # one of several processes of pytest-xdist; what it measured is saved as it ends
    here = coverage.Coverage.current()
    here.stop()
    here.save()
    # This process and those that the tests have started, together.
    everywhere = coverage.Coverage()
    everywhere.combine()
    everywhere.save()

    terminalreporter.section("Coverage Summary:", sep="-")
    everywhere.report(file=terminalreporter)
    everywhere.html_report()
    folder = terminalreporter.config.rootpath / everywhere.get_option("html:directory")
    terminalreporter.line(f"HTML report: {(folder / 'index.html').as_uri()}")
