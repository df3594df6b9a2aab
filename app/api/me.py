"""One's own profile, and the sessions that are open in browsers."""

from flask import abort, g

from ..models import User
from ..queries.sessions import sessions_of
from .blueprint import api
from .operations import commits, needs, refuse_if_stale
from .representations import account
from .representations import session as session_json
from .schemas import AccountSchema, ProfileChange, Sessions


def change(user: User, values: dict) -> None:
    """Store the fields of a profile that were sent; the others stay."""
    for name in ("name", "location", "about_me"):
        if name in values:
            setattr(user, name, values[name])


@api.get("/me")
@needs("read", unconfirmed=True)
@api.response(200, AccountSchema)
def get_me():
    """Read your own account."""
    return account(g.current_user)


@api.put("/me")
@needs("write")
@commits
@api.arguments(ProfileChange, required=False)
@api.response(200, AccountSchema)
def edit_me(values):
    """Change your profile; fields that are left out stay as they are."""
    user = g.current_user
    refuse_if_stale(account(user))
    change(user, values)
    return account(user)


@api.get("/me/sessions/")
@needs("read")
@api.response(200, Sessions)
def get_sessions():
    """List the browsers in which you are signed in."""
    return {"sessions": [session_json(row) for row in sessions_of(g.current_user)]}


@api.delete("/me/sessions/")
@needs("write")
@commits
@api.response(204)
def end_sessions():
    """Sign out in all browsers."""
    g.current_user.end_sessions()


@api.delete("/me/sessions/<int:id>")
@needs("write")
@commits
@api.response(204)
def end_session(id):
    """Sign out in one browser."""
    if not g.current_user.end_session(id):
        abort(404)
