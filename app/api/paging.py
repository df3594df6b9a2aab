"""Collections: a page by its number, or a stretch from a cursor on."""

from flask import request, url_for
from sqlalchemy import Select

from ..lib import cursors
from ..queries.cursors import Order, Stretch, read_after, read_before
from ..queries.paging import Top, Total, number, paginate_newest_first
from ..web.pages import per_page, requested_page
from .errors import Refusal


def collection(
    name: str,
    rows: Select,
    order: Order,
    asked: dict,
    *,
    of: str,
    total: Total = None,
    top: Top | None = None,
    as_json=lambda row: row.to_json(),
) -> dict:
    """Return the part of `rows` that was asked for, each `as_json`, under `name`.

    `of` names the setting with the size of a page; give `total` where a counter knows it, and
    `top` where there is a shorter way to the first rows.
    """
    size = asked.get("per_page") or per_page(of)
    read = _stretch if "after" in asked or "before" in asked else _page
    items, total, previous, following = read(rows, order, asked, size, total, top)
    return {
        name: [as_json(item) for item in items],
        "prev": previous,
        "prev_url": previous,
        "next": following,
        "next_url": following,
        "count": total,
    }


def _page(
    rows: Select, order: Order, asked: dict, size: int, total: Total, top: Top | None
) -> tuple:
    page = paginate_newest_first(rows, order.time, requested_page(), size, total=total, top=top)
    return (
        page.items,
        page.total,
        _url(asked, page=page.prev_num) if page.has_prev else None,
        _url(asked, page=page.next_num) if page.has_next else None,
    )


def _stretch(
    rows: Select, order: Order, asked: dict, size: int, total: Total, top: Top | None
) -> tuple:
    stretch = _read(rows, order, asked, size, top)
    total = number(rows, total)
    has_before = stretch.items and stretch.has_more_before
    has_after = stretch.items and stretch.has_more_after
    return (
        stretch.items,
        total,
        _url(asked, before=_cursor(order, stretch.items[0])) if has_before else None,
        _url(asked, after=_cursor(order, stretch.items[-1])) if has_after else None,
    )


def _read(rows: Select, order: Order, asked: dict, size: int, top: Top | None) -> Stretch:
    text = asked.get("after", asked.get("before"))
    place = cursors.read(text)
    if place is None and text:
        raise Refusal(400, "This is no cursor")
    if "after" in asked:
        return read_after(rows, order, place, size, top=top)
    return read_before(rows, order, place, size)


def _cursor(order: Order, row) -> str:
    return cursors.write(order.place_of(row))


def _url(asked: dict, **where) -> str:
    if "per_page" in asked:
        where["per_page"] = asked["per_page"]
    return url_for(request.endpoint, **request.view_args, **where)
