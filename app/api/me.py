"""One's own profile, and the sessions that are open in browsers."""

from flask import abort, g, request

from ..decorators import takes_up_to
from ..extensions import db
from ..lib.pictures import UnusablePicture, squares
from ..models import User
from ..queries.sessions import sessions_of
from ..web.pictures import MOST_BYTES_SENT, store_picture
from ..web.throttle import throttle
from .blueprint import api
from .errors import Refusal
from .operations import commits, needs, refuse_if_stale
from .representations import account
from .representations import session as session_json
from .schemas import AccountSchema, ProfileChange, Sessions

_KINDS = ("image/png", "image/jpeg", "image/webp", "image/gif")
_FILE = {"schema": {"type": "string", "format": "binary"}}


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


@api.put("/me/picture")
@needs("write")
@takes_up_to(MOST_BYTES_SENT)
@commits
@api.doc(requestBody={"required": True, "content": dict.fromkeys(_KINDS, _FILE)})
@api.response(200, AccountSchema)
def replace_picture():
    """Upload a picture of yourself, up to 5 MB and 25 megapixels. The body is the file."""
    user = g.current_user
    refuse_if_stale(account(user))
    user.take_picture(store_picture(_sent_picture(user)))
    return account(user)


def _sent_picture(user: User) -> dict[int, bytes]:
    if request.mimetype not in _KINDS:
        raise Refusal(415, f"Send the file as one of {', '.join(_KINDS)}")
    throttle("PICTURE", user.id)
    # The try counts, whatever comes of it, and nobody who writes waits for the decoding.
    db.session.commit()
    try:
        return squares(request.get_data())
    except UnusablePicture as error:
        raise Refusal(400, str(error)) from None


@api.delete("/me/picture")
@needs("write")
@commits
@api.response(204)
def remove_picture():
    """Remove the picture that you uploaded."""
    refuse_if_stale(account(g.current_user))
    g.current_user.take_picture(None)


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
