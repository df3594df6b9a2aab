"""Which lines and branches of app/ the tests ran; printed before pytest's closing line.

`flask test --coverage` loads this plugin; flasky.py has started the measuring by then.
"""

import coverage
import pytest


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    measured = coverage.Coverage.current()
    measured.stop()
    measured.save()
    measured.combine()
    measured.save()

    terminalreporter.section("Coverage Summary:", sep="-")
    measured.report(file=terminalreporter)
    measured.html_report()
    folder = terminalreporter.config.rootpath / measured.get_option("html:directory")
    terminalreporter.line(f"HTML report: {(folder / 'index.html').as_uri()}")
