"""Settings that would be unsafe stop the start, with a sentence that says what to do."""

import pytest

from app import create_app
from app.exceptions import ConfigurationError


def test_a_configuration_that_does_not_exist_is_named():
    with pytest.raises(ConfigurationError, match=r"no configuration 'prodution'.*production"):
        create_app("prodution")


def test_no_start_without_a_secret_key(make_app):
    with pytest.raises(ConfigurationError, match=r"SECRET_KEY is not set.*secrets.token"):
        make_app(SECRET_KEY=None)


@pytest.mark.parametrize("url", ["blog.example.org", "ftp://example.org", "https://"])
def test_an_address_of_the_site_that_is_none_is_refused(make_app, url):
    with pytest.raises(ConfigurationError, match="FLASKY_BASE_URL must be an address"):
        make_app(FLASKY_BASE_URL=url)


def test_real_people_are_served_over_https(make_app):
    with pytest.raises(ConfigurationError, match="must start with https://"):
        make_app(FLASKY_PRODUCTION=True, FLASKY_BASE_URL="http://blog.example.org")


@pytest.mark.parametrize("host", ["localhost:5000", "127.0.0.1", "[::1]:8000"])
def test_plain_http_is_for_this_machine_only(make_app, host):
    app = make_app(FLASKY_PRODUCTION=True, FLASKY_BASE_URL=f"http://{host}")
    assert app.config["SESSION_COOKIE_SECURE"] is False


def test_a_server_name_may_be_asked_for(make_app):
    assert "blog.example.org" in make_app(SERVER_NAME="blog.example.org:80").config["TRUSTED_HOSTS"]
