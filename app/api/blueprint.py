"""The API blueprint, and its gate: the Authorization header alone says who asks."""

import flask_smorest
from flask import g, request

from ..web import presence
from .cors import allow_origins
from .errors import PREFIX, Refusal, answer_refusal
from .finishing import finish
from .limits import count_request
from .operations import admit
from .parsing import Parser


class Blueprint(flask_smorest.Blueprint):
    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema, **options):
        # One instance for all requests: each new one copies all of its fields.
        return super().arguments(schema(), **options)


api = Blueprint("api", __name__, url_prefix=f"{PREFIX}v1")
api.register_error_handler(Refusal, answer_refusal)
api.after_request(finish)
api.after_app_request(allow_origins)


@api.before_request
def gate():
    if request.method == "OPTIONS":
        return
    count_request()
    admit()
    user = g.current_user
    if user is not None:
        presence.note(user)
