"""What programs send: JSON objects, and queries. Everything else is refused, by one shape."""

import json

from flask import request
from marshmallow import Schema
from webargs.flaskparser import FlaskParser

from .errors import Refusal

_DEEPEST = 32
_NOT_JSON = "The body is not valid JSON"
_ONCE = "A parameter of the query is given once"


class Parser(FlaskParser):
    """Reads requests strictly, and refuses what does not fit the schema."""

    DEFAULT_VALIDATION_STATUS = 400

    def __init__(self):
        super().__init__()
        self._of_nothing: dict[Schema, dict] = {}

    def parse(self, argmap, req=None, *, location=None, **options):
        """Read a request; a query that is not there only once for each schema."""
        if location != "query" or request.query_string:
            return super().parse(argmap, req, location=location, **options)
        if argmap not in self._of_nothing:
            self._of_nothing[argmap] = super().parse(argmap, req, location=location, **options)
        return dict(self._of_nothing[argmap])

    def load_json(self, req, schema):
        return read_object(req)

    def load_querystring(self, req, schema):
        repeated = [name for name in schema.fields if len(req.args.getlist(name)) > 1]
        if repeated:
            raise Refusal(400, _ONCE, fields={name: [_ONCE] for name in repeated})
        return super().load_querystring(req, schema)

    def handle_error(self, error, req, schema, *, error_status_code, error_headers):
        fields = error.messages.get("json") or error.messages.get("query") or error.messages
        fields = {name: list(_texts(messages)) for name, messages in fields.items()}
        message = next(text for texts in fields.values() for text in texts)
        raise Refusal(400, message, fields=fields)


def read_object(req) -> dict:
    """Return the object in the body of the request; no body is an empty one."""
    data = req.get_data()  # 413 when it is too long
    # Somebody before us may have read a form already, and left nothing but its length.
    if not req.is_json and (data or req.content_length):
        raise Refusal(415, "Send the body as application/json")
    if not data:
        return {}
    try:
        value = json.loads(data.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, _NOT_JSON) from None
    _refuse_depth(value, 1)
    if not isinstance(value, dict):
        raise Refusal(400, "The body must be a JSON object")
    return value


def _refuse_constant(name: str):
    raise ValueError(f"{name} is no JSON")


def _refuse_depth(value, depth: int) -> None:
    if depth > _DEEPEST:
        raise Refusal(400, f"The body is nested more than {_DEEPEST} levels deep")
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _refuse_depth(item, depth + 1)


def _texts(messages):
    """Yield the messages, however deep the schema nests them."""
    if isinstance(messages, dict):
        for inner in messages.values():
            yield from _texts(inner)
    elif isinstance(messages, list):
        for inner in messages:
            yield from _texts(inner)
    else:
        yield str(messages)
