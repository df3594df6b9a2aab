"""What tests of commands may ask for."""

import pytest

from app import create_app
from config import TestingConfig
from tests.databases import close_connections


@pytest.fixture
def app_without_tables(empty_database, monkeypatch):
    """An application on a database that nothing has been done to."""
    monkeypatch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", empty_database)
    app = create_app("testing")
    yield app
    with app.app_context():
        close_connections()
