"""The way in, for the `flask` command and for web servers: settings, then the application."""

import os
import sys
from pathlib import Path

from deploy.environment import load_env_file, refuse_to_start

HERE = Path(__file__).resolve().parent

# Tests bring their own settings; those of a real site must not reach them.
runs_tests = sys.argv[1:2] == ["test"] or os.environ.get("FLASK_CONFIG") == "testing"
if not runs_tests:
    load_env_file(HERE / ".env")

if os.environ.get("FLASK_COVERAGE"):
    import coverage

    # Before the application is imported: what runs during an import counts too. A process
    # that a measured one has started is measured already.
    if coverage.Coverage.current() is None:
        coverage.Coverage(config_file=str(HERE / "pyproject.toml")).start()

from app import create_app
from app.exceptions import ConfigurationError

try:
    app = create_app("testing" if runs_tests else os.environ.get("FLASK_CONFIG") or "default")
except ConfigurationError as error:
    refuse_to_start(str(error))
