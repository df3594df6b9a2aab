"""Absolute addresses of our own pages, without a request and whatever a request says."""

import pytest

from app.web.links import base_url, external_url


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "http://localhost:5000"),
        ({"PORT": 8080}, "http://localhost:8080"),
        ({"SERVER_NAME": "blog.example.org:81"}, "http://blog.example.org:81"),
        ({"FLASKY_BASE_URL": "https://blog.example.org/"}, "https://blog.example.org"),
        ({"FLASKY_BASE_URL": "https://a.org", "SERVER_NAME": "b.org"}, "https://a.org"),
        ({"FLASKY_BASE_URL": "https://a.org/flasky"}, "https://a.org/flasky"),
    ],
)
def test_the_settings_say_where_the_site_is(app, settings, expected):
    app.config.update(settings)
    assert base_url() == expected
    assert external_url("main.index") == expected + "/"
    assert external_url("main.user", username="ann") == expected + "/user/ann"


def test_values_are_encoded(app):
    assert external_url("main.user", username="a b?") == "http://localhost:5000/user/a%20b%3F"
    assert external_url("main.index", page=2).endswith("/?page=2")
