"""JSON that is sent: written by orjson, which takes a fraction of the time of Python's own."""

from typing import Any

import orjson
from flask import Response
from flask.json.provider import DefaultJSONProvider


class AnswersJSON(DefaultJSONProvider):
    """Writes JSON as Flask does: names in order, and nothing between them."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Return `obj` as JSON. Raises TypeError if something in it has no JSON."""
        if not kwargs:
            try:
                return orjson.dumps(obj, option=orjson.OPT_SORT_KEYS).decode()
            except TypeError:  # half of a surrogate pair, a number beyond 64 bits
                pass
        return super().dumps(obj, **{"separators": (",", ":"), **kwargs})

    def response(self, *args: Any, **kwargs: Any) -> Response:
        body = self.dumps(self._prepare_response_obj(args, kwargs))
        return self._app.response_class(f"{body}\n", mimetype=self.mimetype)
