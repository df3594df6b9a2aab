"""What a list of cards becomes on a page, and the pager below it."""

from functools import partial

from flask import current_app, get_template_attribute, render_template
from flask_login import current_user

from ..policies.comments import can_delete_some
from ..policies.posts import can_change_some
from ..queries.paging import Page
from .fragments import Card, keep
from .frames import Parts
from .kept_pages import KeptPages


def posts_part(cards: tuple[Card, ...]) -> Parts:
    """Return the part `posts` of a page that shows these."""
    return {"posts": partial(_stream, "_posts.html", "posts", cards, can_change_some)}


def comments_part(cards: tuple[Card, ...]) -> Parts:
    return {"comments": partial(_stream, "_comments.html", "comments", cards, can_delete_some)}


def pager_part(page: Page, endpoint: str, **address) -> Parts:
    """Return the part `pager`; `address` is what its links need beside the page."""
    return {"pager": partial(_pager, page, endpoint, **address)}


def empty_page(page: Page, cards: tuple[Card, ...], *about) -> tuple | None:
    """Return what is said where a page shows no cards; None if it shows some.

    The first page of a list says that there is nothing, a later one its number, and the way back
    to the list, which is `about` something.
    """
    if cards:
        return None
    return (page.page, *about) if page.page > 1 else ()


def _stream(template: str, name: str, cards: tuple[Card, ...], may_change_some) -> str:
    """Return the cards below each other, made once for all who may only read them."""
    render = partial(render_template, template, **{name: cards})
    if may_change_some(current_user._get_current_object(), cards):
        return render()
    pages: KeptPages = current_app.extensions["pages"]
    stream = pages.get(cards)
    if stream is None:
        stream = render()
        pages.put(cards, stream)
    return stream


def _pager(page: Page, endpoint: str, **address) -> str:
    def render() -> str:
        return get_template_attribute("_macros.html", "pagination_widget")(
            page, endpoint, **address
        )

    shown = (page.page, page.pages, page.as_of)
    return keep("pager", endpoint, *address.values(), *shown, caller=render)
