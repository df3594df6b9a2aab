"""What signs the session cookie."""

import pytest


@pytest.mark.parametrize("setting", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
def test_the_cookie_is_signed_with_the_keys_of_the_moment(app, setting):
    before = app.session_interface.get_signing_serializer(app)
    assert app.session_interface.get_signing_serializer(app) is before
    app.config[setting] = "another key" if setting == "SECRET_KEY" else ["an older key"]
    after = app.session_interface.get_signing_serializer(app)
    assert after is not before
    assert after.secret_keys[-1] == app.secret_key.encode()
    assert (b"an older key" in after.secret_keys) == (setting == "SECRET_KEY_FALLBACKS")


def test_without_a_key_nothing_is_signed(app):
    app.config["SECRET_KEY"] = None
    assert app.session_interface.get_signing_serializer(app) is None
