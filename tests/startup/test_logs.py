"""The log says what is needed, once."""

import logging

import pytest

from app import create_app


@pytest.fixture
def slow(app):
    app.config["FLASKY_SLOW_DB_QUERY_TIME"] = 0


def test_slow_queries_are_logged_without_the_values_in_them(client, slow, caplog, ann):
    client.get("/user/ann-whom-nobody-may-see")
    (record,) = [record for record in caplog.records if "users.username" in record.getMessage()]
    assert record.levelname == "WARNING"
    assert "Slow query: SELECT" in record.getMessage()
    assert "Parameters: 1, left out" in record.getMessage()
    assert "main.user" in record.getMessage()
    assert "/queries/" in record.getMessage()  # where it was asked from
    assert "ann-whom-nobody-may-see" not in record.getMessage()


def test_where_queries_are_not_recorded_none_is_slow(app, client, slow, caplog, ann):
    app.config["SQLALCHEMY_RECORD_QUERIES"] = False
    client.get("/user/ann")
    assert caplog.records == []


def test_quick_queries_are_not_logged(client, caplog):
    client.get("/")
    assert caplog.records == []


def test_several_applications_in_one_process_say_everything_once(app):
    before = list(app.logger.handlers)
    for _ in range(3):
        create_app("testing")
    assert app.logger.handlers == before
    assert app.logger.level == logging.INFO
