"""Collections: a page by its number, or a stretch from a cursor on."""

import json
from functools import partial
from urllib.parse import urlencode

from flask import Response, g, request
from werkzeug.http import generate_etag

from ..lib import cursors
from ..queries.cursors import Stretch, read_after, read_before
from ..queries.lists import Order, Rows, Shape
from ..queries.paging import paginate
from ..web.kept_pages import kept
from ..web.pages import per_page, requested_page
from .errors import Refusal
from .kept import Kind, array


def collection(name: str, rows: Rows, asked: dict, *, of: str, as_json) -> dict:
    """Return the part of `rows` that was asked for, each `as_json`, under `name`.

    `of` names the setting with the size of a page.
    """
    items, around = _part(rows, asked, of)
    return {name: [as_json(item) for item in items], **around}


def kept_collection(kind: Kind, rows: Rows, asked: dict, *, of: str) -> Response:
    """Answer with the same of a kind whose JSON is kept, ready to be sent.

    A page by its number may be a second old (web/kept_pages.py).
    """
    write = partial(_write, kind, rows, asked, of)
    if "after" in asked or "before" in asked:
        body, etag = write()
    else:
        this = request._get_current_object()
        where = (this.script_root, this.path, this.query_string)
        whose = (*rows.values.values(), rows.known_total)
        body, etag = kept(write, kind.name, *where, *whose, reader=g.current_user)
    response = Response(body, mimetype="application/json")
    response.set_etag(etag)
    return response


def _write(kind: Kind, rows: Rows, asked: dict, of: str) -> tuple[bytes, str]:
    """Return the body of an answer, and its tag."""
    items, around = _part(rows, asked, of, kind.versions)
    body = f'{{"{kind.name}":{array(kind, items)},{json.dumps(around)[1:]}\n'.encode()
    return body, generate_etag(body)


def _part(rows: Rows, asked: dict, of: str, shape: Shape | None = None) -> tuple:
    """Return the part of `rows` that was asked for, and what stands around it in the answer."""
    size = asked.get("per_page") or per_page(of)
    if "after" in asked or "before" in asked:
        items, total, previous, following = _stretch(rows, asked, size, shape)
    else:
        items, total, previous, following = _page(rows, asked, size, shape)
    return items, {
        "prev": previous,
        "prev_url": previous,
        "next": following,
        "next_url": following,
        "count": total,
    }


def _page(rows: Rows, asked: dict, size: int, shape: Shape | None) -> tuple:
    page = paginate(rows, requested_page(), size, shape=shape)
    return (
        page.items,
        page.total,
        _url(asked, page=page.prev_num) if page.has_prev else None,
        _url(asked, page=page.next_num) if page.has_next else None,
    )


def _stretch(rows: Rows, asked: dict, size: int, shape: Shape | None) -> tuple:
    stretch = _read(rows, asked, size, shape)
    has_before = stretch.items and stretch.has_more_before
    has_after = stretch.items and stretch.has_more_after
    return (
        stretch.items,
        rows.number(),
        _url(asked, before=_cursor(rows.order, stretch.items[0])) if has_before else None,
        _url(asked, after=_cursor(rows.order, stretch.items[-1])) if has_after else None,
    )


def _read(rows: Rows, asked: dict, size: int, shape: Shape | None) -> Stretch:
    text = asked.get("after", asked.get("before"))
    place = cursors.read(text)
    if place is None and text:
        raise Refusal(400, "This is no cursor")
    return (read_after if "after" in asked else read_before)(rows, place, size, shape=shape)


def _cursor(order: Order, row) -> str:
    return cursors.write(order.place_of(row))


def _url(asked: dict, **where) -> str:
    """Return the address of another part of what was asked for."""
    if "per_page" in asked:
        where["per_page"] = asked["per_page"]
    return f"{request.script_root}{request.path}?{urlencode(where)}"
