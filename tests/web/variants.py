"""Applications with other settings than the usual one of the tests."""

from contextlib import ExitStack

import pytest

from app import create_app
from app.extensions import db
from app.models import Role
from config import TestingConfig, config
from tests.conftest import Browser
from tests.databases import close_connections, empty_tables


@pytest.fixture
def app_with(monkeypatch):
    """Return an application with these settings, a database of its own and the roles in it.

    `app_with(FLASKY_BASE_URL="https://blog.example.org")`; its context is pushed.
    """
    with ExitStack() as contexts:

        def build(**settings):
            changed = type("ChangedConfig", (TestingConfig,), settings)
            monkeypatch.setitem(config, "changed", changed)
            app = create_app("changed")
            app.test_client_class = Browser
            contexts.enter_context(app.app_context())
            db.create_all()
            Role.insert_roles()
            contexts.callback(_close)
            return app

        yield build


def _close() -> None:
    empty_tables()  # on a server it is the database of the other tests as well
    db.session.remove()
    close_connections()
