"""What people who do not exist write: Markdown, and the HTML that our renderer makes of it.

Rendering a million posts would take the best part of an hour. So a few thousand blocks are
rendered, and a post is some of them, one after the other: the HTML of blocks that stand alone is
the HTML of each, joined. That leaves more different posts than anybody will ever make, and each
one is what the renderer would have made of its text. A remark is one of some hundreds.
"""

import random
from collections.abc import Callable

from faker import Faker

from ..lib.markdown import render_comment, render_post

Text = tuple[str, str]  # as typed, and as HTML

_BLOCKS, _REMARKS = 3000, 1000
_LENGTH = 600  # characters of a post, about
_SPECIALS = (
    "> {}\n\nThat sentence has been with me all week.",
    "## {}\n\nLet me begin in the middle.",
    "Three things I want to remember:\n\n1. {}\n2. Sleep on it.\n3. Write it down.",
    "It took me *far* too long to find this out:\n\n```python\ndef answer():\n    return 42\n```",
    "{} See <https://example.com/> for more.",
    "| day | mood |\n|---|---|\n| Monday | *hm* |\n| Friday | **yes!** |",
)


def new_faker() -> Faker:
    """Return a source of words that our own seed decides about."""
    faker = Faker()
    faker.seed_instance(random.getrandbits(32))
    return faker


class Posts:
    """Texts of posts, enough different blocks for `count` of them."""

    def __init__(self, count: int):
        faker = new_faker()
        size = min(_BLOCKS, 60 + count)
        sources = [faker.paragraph(random.randint(2, 6)) for _ in range(size)]
        sources += [form.format(faker.sentence(8)) for form in _SPECIALS for _ in range(size // 60)]
        self._blocks = _rendered(sources, render_post)

    def one(self) -> Text:
        """Return a text of about 600 characters; some are much shorter."""
        wanted = _LENGTH * 1.9 * random.random()
        body, html = random.choice(self._blocks)
        while len(body) < wanted:
            more_body, more_html = random.choice(self._blocks)
            body, html = f"{body}\n\n{more_body}", f"{html}\n{more_html}"
        return body, html


class Remarks:
    """Texts of comments, enough different ones for `count` of them."""

    def __init__(self, count: int):
        faker = new_faker()
        sources = [faker.sentence(random.randint(3, 20)) for _ in range(min(_REMARKS, 10 + count))]
        self._texts = _rendered(sources, render_comment)

    def some(self, count: int) -> list[Text]:
        return random.choices(self._texts, k=count)


def _rendered(sources: list[str], render: Callable[[str], str]) -> list[Text]:
    return [(source, render(source)) for source in sources]
