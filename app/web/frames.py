"""Pages in a frame: what is alike for many readers is rendered once, and has holes for the rest.

Jinja takes longer to put a page together out of its layout, its blocks and its macros than all else
does that a reader waits for. So a page is rendered with marks where its parts go: tokens, the name
of the reader, the posts. What stands between the marks is kept under all that it shows, like every
fragment (fragments.py), and a request only makes the parts.

For templates: {{ part('navbar') }}. One that is rendered without a frame gets the part itself.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from secrets import token_hex

from flask import current_app, render_template, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from ..policies.comments import can_moderate
from .avatars import display_name, face
from .cookies import chosen_theme
from .forms import new_submission
from .fragments import Kept

Parts = Mapping[str, Callable[[], str]]

# Nobody can write it into a text that is shown, since nobody knows it.
_SECRET = token_hex(16)
_MARK = re.compile(f"\x02{_SECRET}:([a-z_]+)\x03")
_MARKS: Parts = {}  # stands for the parts while a frame is made


class Frame:
    """A rendered page, or a piece of one, with holes."""

    __slots__ = ("_length", "_pieces")

    def __init__(self, text: str):
        self._pieces = _MARK.split(text)  # texts and the names of holes by turns
        self._length = len(text)

    def __len__(self) -> int:
        return self._length

    def filled(self, parts: Parts) -> str:
        pieces, made = self._pieces.copy(), {}
        for place in range(1, len(pieces), 2):
            name = pieces[place]
            if name not in made:
                made[name] = parts[name]()
            pieces[place] = made[name]
        return "".join(pieces)


def part(name: str) -> Markup:
    """Return a part of this page, or a mark for it while its frame is made."""
    parts = _parts.get()
    if parts is _MARKS:
        return Markup(f"\x02{_SECRET}:{name}\x03")  # noqa: S704 - made of names of our own
    return Markup(parts[name]())  # noqa: S704 - parts are safe to show


def render_page(template: str, alike: tuple | None, parts: Parts | None = None, **values) -> str:
    """Render a page, or a piece of one, in a frame that is kept.

    `alike` holds all that it shows of `values` and of the reader. None means that it will hardly be
    shown again, such as a form that was sent: then no frame is kept. `parts` are those that this
    page has besides the common ones: HTML that is safe to show.
    """
    parts = _COMMON | parts if parts else _COMMON
    if alike is None:
        return _render(template, parts, values)
    fragments: Kept = current_app.extensions["fragments"]
    key = ("frame", template, request.script_root, chosen_theme(), *alike)
    (frame,) = fragments.get([key])
    if frame is None:
        frame = Frame(_render(template, _MARKS, values))
        fragments.put(key, frame)
    return frame.filled(parts)


def _render(template: str, parts: Parts, values: dict) -> str:
    before = _parts.set(parts)
    try:
        return render_template(template, **values)
    finally:
        _parts.reset(before)


# --- The parts that every page has ---------------------------------------------------------

# The entries of the bar that may lead to the page which is shown.
_ENTRIES = ("main.index", "main.moderate", "auth.login")


def _navbar() -> str:
    user, asked = current_user._get_current_object(), request._get_current_object()
    reader = face(user) if user.is_authenticated else None
    here = asked.endpoint if asked.endpoint in _ENTRIES else None
    if asked.endpoint == "main.user" and reader:
        here = "main.user" if asked.view_args["username"] == user.username else None
    return render_page("_navbar.html", (reader, can_moderate(user), here), reader=reader, here=here)


def _flashes() -> str:
    return render_page("_flashes.html", None if "_flashes" in session else ())


def _csrf_token() -> str:
    """Return the token of this browser's forms, signed once: it has no end of its own."""
    fragments: Kept = current_app.extensions["fragments"]
    key = ("csrf_token", session.get("csrf_token"))
    (token,) = fragments.get([key])
    if token is None or key[1] is None:
        token = generate_csrf()
        fragments.put(("csrf_token", session["csrf_token"]), token)
    return token


_COMMON: Parts = {
    "csrf_token": _csrf_token,
    "flashes": _flashes,
    "name": lambda: escape(display_name(current_user._get_current_object())),
    "navbar": _navbar,
    "submission": new_submission,
}
_parts: ContextVar[Parts] = ContextVar("parts", default=_COMMON)
