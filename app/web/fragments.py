"""Parts of pages, rendered once for all readers.

A fragment is kept under all that it shows: whoever edits, comments or takes another name makes
another key, so that nothing has to be thrown away and no page is ever out of date. Of a post or a
comment, what depends on the reader (may they edit, may they delete) goes between the two halves of
its fragment.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache
from flask import current_app, get_template_attribute, request

from ..extensions import db
from ..queries.comments import comments_with_ids
from ..queries.posts import posts_with_ids


@dataclass(frozen=True, slots=True)
class Card:
    """A post or a comment in two halves of HTML, and what policies ask about."""

    id: int
    author_id: int | None
    before: str  # the halves are safe to show; a reader's own links go between them
    after: str

    def __len__(self) -> int:
        return len(self.before) + len(self.after)


Fragment = Card | str


class Kept:
    """The fragments of one application, the last used ones up to a number of characters."""

    def __init__(self, characters: int):
        self._fragments = LRUCache(characters, getsizeof=lambda fragment: len(fragment) + 200)
        self._lock = Lock()

    def get(self, keys: Iterable[tuple]) -> list[Fragment | None]:
        with self._lock:
            return [self._fragments.get(key) for key in keys]

    def clear(self) -> None:
        with self._lock:
            self._fragments.clear()

    def put(self, key: tuple, fragment: Fragment) -> None:
        with self._lock:
            if self._fragments.getsizeof(fragment) <= self._fragments.maxsize:
                self._fragments[key] = fragment


def keep(*key, caller: Callable[[], str], unless: object = False) -> str:
    """Return what a block of a template shows, made once for each `key`.

    For templates: {% call keep('footer') %}…{% endcall %}. The block may depend on nothing but the
    key and the settings. When `unless` is true it is made anew, and not kept.
    """
    if unless:
        return caller()
    fragments: Kept = current_app.extensions["fragments"]
    key = (request.script_root, *key)
    (found,) = fragments.get([key])
    if found is None:
        found = caller()
        fragments.put(key, found)
    return found


def post_cards(rows, **more) -> tuple[Card, ...]:
    """Return the cards of `rows`: outlines of posts (queries/posts.py).

    Say lone=True for a post on its own page, where its text is never folded.
    """
    return _cards("_post.html", rows, posts_with_ids, **more)


def comment_cards(rows) -> tuple[Card, ...]:
    """Return the cards of `rows`: outlines of comments (queries/comments.py)."""
    return _cards("_comment.html", rows, comments_with_ids)


def _cards(template: str, rows, with_ids: Callable, **more) -> tuple[Card, ...]:
    fragments: Kept = current_app.extensions["fragments"]
    avatars = current_app.config["FLASKY_AVATARS"]
    where = (template, request.script_root, avatars, *more.items())
    keys = [(*where, *row) for row in rows]
    cards = fragments.get(keys)
    missing = [row.id for row, card in zip(rows, cards, strict=True) if card is None]
    if not missing:
        return tuple(cards)
    records = {record.id: record for record in db.session.scalars(with_ids(missing))}
    for place, (row, key) in enumerate(zip(rows, keys, strict=True)):
        if cards[place] is None and row.id in records:
            cards[place] = _render(template, records[row.id], **more)
            fragments.put(key, cards[place])
    # A post that somebody has deleted since the list was read is left out.
    return tuple(card for card in cards if card is not None)


def _render(template: str, record, **more) -> Card:
    before = get_template_attribute(template, "before")(record, **more)
    after = get_template_attribute(template, "after")(record)
    return Card(record.id, record.author_id, before, after)
