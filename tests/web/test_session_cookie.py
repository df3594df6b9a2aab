"""What signs the session cookie, and how it is read."""

import pytest
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from markupsafe import Markup

from app.web import cookies
from app.web.cookies import SessionJSON, SessionSerializer

SAID = {"_user_id": "key", "_flashes": [("message", "Hello")]}
HOUR = 3600


def serializer_of(app):
    return app.session_interface.get_signing_serializer(app)


@pytest.fixture
def checked():
    return SessionSerializer("key", serializer=SessionJSON())


def test_the_cookie_is_signed_with_the_key_of_the_moment(app):
    before = serializer_of(app)
    assert serializer_of(app) is before
    app.config["SECRET_KEY"] = "another key"
    text = serializer_of(app).dumps(SAID)
    with pytest.raises(BadSignature):
        before.loads(text, HOUR)


def test_a_cookie_that_an_older_key_signed_is_read_as_long_as_that_is_named(app):
    text = serializer_of(app).dumps(SAID)
    app.config["SECRET_KEY_FALLBACKS"] = [app.secret_key]
    app.config["SECRET_KEY"] = "another key"
    assert serializer_of(app).loads(text, HOUR) == SAID
    app.config["SECRET_KEY_FALLBACKS"] = None
    with pytest.raises(BadSignature):
        serializer_of(app).loads(text, HOUR)


def test_without_a_key_nothing_is_signed(app):
    app.config["SECRET_KEY"] = None
    assert serializer_of(app) is None


def test_a_cookie_is_read_anew_each_time(checked):
    text = checked.dumps({"said": ["a"]})
    checked.loads(text, HOUR)["said"].append("b")
    assert checked.loads(text, HOUR) == {"said": ["a"]}


def test_a_cookie_that_somebody_changed_is_refused_each_time(checked):
    text = checked.dumps({"said": "a"})
    checked.loads(text, HOUR)
    for _ in range(2):
        with pytest.raises(BadSignature):
            checked.loads(f"x{text}", HOUR)


def test_a_cookie_ends_however_often_it_was_read(checked, monkeypatch):
    text, now = checked.dumps({"said": "a"}), cookies.time()
    checked.loads(text, HOUR)
    monkeypatch.setattr(cookies, "time", lambda: now + HOUR + 2)
    with pytest.raises(SignatureExpired):
        checked.loads(text, HOUR)
    monkeypatch.setattr(cookies, "time", lambda: now - HOUR)  # nor before it was made
    with pytest.raises(SignatureExpired):
        checked.loads(text, HOUR)


def test_a_cookie_that_was_compressed_once_is_still_read(checked):
    said = {"said": "again and " * 50, "pair": ("a", "b")}
    text = URLSafeTimedSerializer("key", serializer=TaggedJSONSerializer()).dumps(said)
    assert text.startswith(".")  # compressed
    assert checked.loads(text, HOUR) == said


@pytest.mark.parametrize(
    "value", [("a", 1), Markup("<b>"), b"bytes", {"a": [("b", None)]}, "é\ud800"]
)
def test_what_a_session_holds_comes_back_as_it_was(checked, value):
    back = checked.loads(checked.dumps({"value": value}), HOUR)["value"]
    assert (back, type(back)) == (value, type(value))
