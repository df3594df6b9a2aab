"""JSON that is sent says what Python's own would say."""

import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.web.json_answers import AnswersJSON

APP = Flask(__name__)
ANSWERS = AnswersJSON(APP)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(value=JSON)
def test_what_is_written_can_be_read_again(value):
    written = ANSWERS.dumps(value)
    assert json.loads(written) == value


def test_names_are_in_order_and_nothing_stands_between_them():
    written = ANSWERS.dumps({"b": [1, 2], "a": "é"})
    assert written == '{"a":"é","b":[1,2]}'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": "\ud800", "a": 1}, '{"a":1,"b":"\\ud800"}'),
        ([2**64], "[18446744073709551616]"),
    ],
)
def test_what_has_no_place_in_utf_8_or_64_bits_is_written_all_the_same(value, written):
    assert ANSWERS.dumps(value) == written


def test_what_has_no_json_is_refused():
    with pytest.raises(TypeError):
        ANSWERS.dumps(object())


def test_an_answer_ends_its_line():
    with APP.test_request_context():
        response = ANSWERS.response(a=[1])
    assert response.get_data() == b'{"a":[1]}\n'
    assert response.mimetype == "application/json"
