"""Parts of pages, rendered once for all readers.

A fragment is kept under all that it shows: whoever edits, comments or takes another name makes
another key, so that nothing has to be thrown away and no page is ever out of date. Of a post or a
comment, what depends on the reader (may they edit, may they delete) goes between the two halves of
its fragment.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from threading import Lock, RLock

import orjson
from cachetools import LRUCache
from flask import current_app, get_template_attribute, request
from markupsafe import Markup

from ..adapters.cache import SharedCache
from ..extensions import db
from ..queries.comments import comments_with_ids
from ..queries.posts import posts_with_ids


@dataclass(frozen=True, slots=True)
class Card:
    """A post or a comment in two halves of HTML, and what policies ask about."""

    id: int
    author_id: int | None
    before: Markup  # the halves are safe to show; a reader's own links go between them
    after: Markup

    def __len__(self) -> int:
        return len(self.before) + len(self.after)


Fragment = Card | str
_LONGEST_WAIT = 1  # seconds for what somebody else is making, who may be waiting for us


class Kept:
    """The fragments of one application, the last used ones up to a number of characters.

    `shared` holds those that other processes have made.
    """

    def __init__(self, characters: int, shared: SharedCache | None = None):
        self._fragments = LRUCache(characters, getsizeof=lambda fragment: len(fragment) + 200)
        self._lock, self._making = Lock(), RLock()
        self._shared = shared

    def get(self, keys: Iterable[tuple]) -> list[Fragment | None]:
        with self._lock:
            return [self._fragments.get(key) for key in keys]

    def get_or_make(
        self, keys: list[tuple], make: Callable[[list[int]], dict[int, Fragment]]
    ) -> list[Fragment | None]:
        """Return the fragment of each key, and None where there is nothing to be shown any more.

        `make` is given the places in `keys` of those that nobody has made, and returns what it made
        of them. One thread at a time makes fragments; others find them made.
        """
        found = self.get(keys)
        if _missing(found):
            with self._turn():
                found = self.get(keys)
                self._take(found, keys, self._from_others(keys, _missing(found)))
                if missing := _missing(found):
                    made = make(missing)
                    self._take(found, keys, made)
                    self._give(keys, made)
        return found

    @contextmanager
    def _turn(self) -> Iterator[None]:
        has_turn = self._making.acquire(timeout=_LONGEST_WAIT)
        try:
            yield
        finally:
            if has_turn:
                self._making.release()

    def _take(self, found: list, keys: list[tuple], fragments: dict[int, Fragment]) -> None:
        for place, fragment in fragments.items():
            found[place] = fragment
            self.put(keys[place], fragment)

    def _from_others(self, keys: list[tuple], places: list[int]) -> dict[int, Fragment]:
        if self._shared is None or not places:
            return {}
        contents = self._shared.get([repr(keys[place]) for place in places])
        return {
            place: _unpacked(content)
            for place, content in zip(places, contents, strict=True)
            if content is not None
        }

    def _give(self, keys: list[tuple], made: dict[int, Fragment]) -> None:
        if self._shared is not None and made:
            self._shared.put(
                {repr(keys[place]): _packed(fragment) for place, fragment in made.items()}
            )

    def clear(self) -> None:
        with self._lock:
            self._fragments.clear()

    def put(self, key: tuple, fragment: Fragment) -> None:
        with self._lock:
            if self._fragments.getsizeof(fragment) <= self._fragments.maxsize:
                self._fragments[key] = fragment


def _missing(found: list[Fragment | None]) -> list[int]:
    return [place for place, fragment in enumerate(found) if fragment is None]


def _packed(fragment: Fragment) -> bytes:
    return orjson.dumps(fragment if isinstance(fragment, str) else astuple(fragment))


def _unpacked(content: bytes) -> Fragment:
    fragment = orjson.loads(content)
    if isinstance(fragment, str):
        return fragment
    number, author_id, *halves = fragment
    return Card(number, author_id, *map(Markup, halves))


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

    def make(places: list[int]) -> dict[int, Card]:
        found = db.session.scalars(with_ids([rows[place].id for place in places]))
        records = {record.id: record for record in found}
        return {
            place: _render(template, records[rows[place].id], **more)
            for place in places
            if rows[place].id in records
        }

    # A post that somebody has deleted since the list was read is left out.
    return tuple(card for card in fragments.get_or_make(keys, make) if card is not None)


def _render(template: str, record, **more) -> Card:
    before = get_template_attribute(template, "before")(record, **more)
    after = get_template_attribute(template, "after")(record)
    return Card(record.id, record.author_id, before, after)
