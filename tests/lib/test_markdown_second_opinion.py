"""A second opinion: Python-Markdown comes to the same result for plain documents."""

import markdown as python_markdown
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lib.markdown import render_post
from tests.lib.outline import outline

WORDS = st.lists(
    st.sampled_from("lorem ipsum dolor sit amet 42 tea".split()), min_size=1, max_size=6
)
PLAIN = WORDS.map(" ".join)
INLINE = st.lists(
    st.one_of(
        PLAIN,
        PLAIN.map(lambda text: f"*{text}*"),
        PLAIN.map(lambda text: f"**{text}**"),
        PLAIN.map(lambda text: f"`{text}`"),
        PLAIN.map(lambda text: f"[{text}](http://example.org/a?b=c)"),
        PLAIN.map(lambda text: f'[{text}](/a "b c")'),
        PLAIN.map(lambda text: f"<http://example.org/{text.split()[0]}>"),
    ),
    min_size=1,
    max_size=4,
).map(lambda parts: "so " + " and ".join(parts))
BLOCK = st.one_of(
    INLINE,
    INLINE.map(lambda text: f"{text}  \n{text}"),
    st.tuples(st.integers(1, 6), INLINE).map(lambda pair: "#" * pair[0] + " " + pair[1]),
    INLINE.map(lambda text: f"> {text}\n> {text}"),
    st.lists(INLINE, min_size=1, max_size=4).map(lambda items: "\n".join(f"- {i}" for i in items)),
    st.lists(INLINE, min_size=1, max_size=4).map(lambda items: "\n".join(f"1. {i}" for i in items)),
    st.lists(PLAIN, min_size=1, max_size=3).map(lambda lines: "\n".join(f"    {x}" for x in lines)),
    st.just("---"),
)


def structure(html: str) -> list[tuple]:
    """The outline without what the two may write differently: blanks, and rel on links."""
    items = []
    for item in outline(html):
        if item[0] == "open":
            item[2].pop("rel", None)
            items.append(item)
        elif item[0] == "close":
            items.append(item)
        elif item[1].split():
            items.append(("text", " ".join(item[1].split())))
    return items


@settings(deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=5).map("\n\nbetween them\n\n".join))
def test_python_markdown_comes_to_the_same_result(text):
    assert structure(render_post(text)) == structure(python_markdown.markdown(text))
