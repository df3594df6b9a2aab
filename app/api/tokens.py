"""Tokens: one for an hour from a password, and named ones with scopes that last longer."""

from flask import abort, g

from ..models.api_token import TooManyTokens
from ..queries.api_tokens import tokens_of
from .blueprint import api
from .errors import Refusal
from .operations import commits, needs
from .representations import token as token_json
from .schemas import NewTokenSchema, ShortTokenSchema, TokenRequest, Tokens

_EXPIRATION = 3600


@api.post("/tokens/")
@needs("read", password=True)
@commits
@api.response(200, ShortTokenSchema)
def get_token():
    """Get a token for an hour, which may do whatever you may."""
    token = g.current_user.generate_auth_token(expiration=_EXPIRATION)
    return {"token": token, "expiration": _EXPIRATION}


@api.get("/me/tokens/")
@needs("read")
@api.response(200, Tokens)
def get_tokens():
    """List the tokens that you made, without what makes them work."""
    return {"tokens": [token_json(row) for row in tokens_of(g.current_user)]}


@api.post("/me/tokens/")
@needs("read", password=True)
@commits
@api.arguments(TokenRequest)
@api.response(201, NewTokenSchema)
def new_token(values):
    """Make a token for a program. It is shown this once; we keep only its digest."""
    try:
        row, token = g.current_user.make_token(
            values["name"], values["scopes"], days=values["days"]
        )
    except TooManyTokens:
        raise Refusal(409, "You have too many tokens. Revoke one first") from None
    return {**token_json(row), "token": token}


@api.delete("/me/tokens/<int:id>")
@needs("write")
@commits
@api.response(204)
def revoke_token(id):
    """Revoke a token. It stops working at once."""
    if not g.current_user.revoke_token(id):
        abort(404)
