"""What people who do not exist write."""

import random
from collections.abc import Callable

from faker import Faker
from sqlalchemy import insert, select

from ..extensions import db
from ..lib.markdown import RENDER_VERSION, render_comment, render_post
from ..models import Comment, Post, User
from ..models.counters import recount
from .chance import batches, moment_after, moments, no_progress, popular

_PARAGRAPHS = 400  # as many different ones; posts are made of one to three of them
_REMARKS = 300
_SPECIALS = (
    "> {}\n\nThat sentence has been with me all week.",
    "## {}\n\nLet me begin in the middle.",
    "Three things I want to remember:\n\n1. {}\n2. Sleep on it.\n3. Write it down.",
    "It took me *far* too long to find this out:\n\n```python\ndef answer():\n    return 42\n```",
    "{} See <https://example.com/> for more.",
    "| day | mood |\n|---|---|\n| Monday | *hm* |\n| Friday | **yes!** |",
)


def posts(count: int = 100, *, progress: Callable[[int], None] = no_progress) -> None:
    """Create `count` posts by people at random, the popular ones most, and commit.

    Raises ValueError while there are no users.
    """
    authors = _people()
    paragraphs = [(text, render_post(text)) for text in _paragraphs()]
    times = iter(moments(count))
    for size in batches(count):
        rows = []
        for _ in range(size):
            parts = random.choices(paragraphs, k=random.randint(1, 3))
            rows.append(_text(parts, "\n\n", "\n", popular(authors), next(times)))
        db.session.execute(insert(Post), rows)
        progress(size)
    recount()
    db.session.commit()  # contract


def comments(count: int = 100, *, progress: Callable[[int], None] = no_progress) -> None:
    """Create `count` comments under posts at random, and commit.

    Raises ValueError while there are no users or no posts.
    """
    authors = _people()
    newest_first = select(Post.id, Post.timestamp).order_by(Post.id.desc())
    places = db.session.execute(newest_first).all()
    if not places:
        raise ValueError("There are no posts yet that somebody could comment on.")
    faker = _faker()
    remarks = [faker.sentence(random.randint(3, 20)) for _ in range(_REMARKS)]
    remarks = [(text, render_comment(text)) for text in remarks]
    for size in batches(count):
        rows = []
        for _ in range(size):
            post_id, written = popular(places)
            when = moment_after(written)
            row = _text([random.choice(remarks)], "", "", random.choice(authors), when)
            rows.append({**row, "post_id": post_id})
        db.session.execute(insert(Comment), rows)
        progress(size)
    recount()
    db.session.commit()  # contract


def _text(parts: list[tuple[str, str]], gap: str, html_gap: str, author_id: int, when) -> dict:
    """Return a row; the HTML of blocks that stand alone is the HTML of each, joined."""
    return {
        "body": gap.join(text for text, _ in parts),
        "body_html": html_gap.join(html for _, html in parts),
        "render_version": RENDER_VERSION,
        "author_id": author_id,
        "timestamp": when,
    }


def _paragraphs() -> list[str]:
    faker = _faker()
    plain = [faker.paragraph(random.randint(2, 6)) for _ in range(_PARAGRAPHS)]
    special = [form.format(faker.sentence(8)) for form in _SPECIALS for _ in range(10)]
    return plain + special


def _people() -> list[int]:
    people = list(db.session.scalars(select(User.id).order_by(User.id)))
    if not people:
        raise ValueError("There are no users yet who could write something.")
    return people


def _faker() -> Faker:
    faker = Faker()
    faker.seed_instance(random.getrandbits(32))
    return faker
