"""A picture for everybody who has not uploaded one: drawn by us, or by gravatar.com."""

import hashlib

_CELLS = 5
_VIEW = 60
_CELL = 10
_MARGIN = (_VIEW - _CELLS * _CELL) // 2
# Dark enough for white shapes to stand out at 3 to 1 (WCAG 2.2, 1.4.11), and told apart easily.
_COLOURS = (
    "#8a4b2f", "#7a5a00", "#4f6a1c", "#1f6e54", "#1c6a80", "#2f5fa3",
    "#5550a8", "#7d4596", "#9a3b72", "#a63d47", "#5d5d52", "#3f6472",
)  # fmt: skip


def identicon(name: str) -> str:
    """Return an SVG picture that is always the same for `name` and tells names apart.

    The left half of a five by five grid is drawn from a hash and mirrored.
    """
    bits = int.from_bytes(hashlib.sha256(name.lower().encode()).digest(), "big")
    colour = _COLOURS[bits % len(_COLOURS)]
    bits //= len(_COLOURS)
    squares = []
    for column in range((_CELLS + 1) // 2):
        for row in range(_CELLS):
            if bits & 1:
                squares.extend({_square(column, row), _square(_CELLS - 1 - column, row)})
            bits >>= 1
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_VIEW} {_VIEW}">'
        f'<path fill="{colour}" d="M0 0h{_VIEW}v{_VIEW}H0z"/>'
        f'<path fill="#fff" fill-opacity=".92" d="{"".join(sorted(squares))}"/></svg>'
    )


def _square(column: int, row: int) -> str:
    return f"M{_MARGIN + column * _CELL} {_MARGIN + row * _CELL}h{_CELL}v{_CELL}h-{_CELL}z"


def gravatar_hash(email: str) -> str:
    """Return the MD5 of the address in lower case, which is how gravatar.com asks for it."""
    return hashlib.md5(email.lower().encode(), usedforsecurity=False).hexdigest()


def gravatar_url(picture: str | None, *, size: int, default: str, rating: str) -> str:
    """Return the address of a picture at gravatar.com, `size` pixels wide."""
    picture = picture or "0" * 32
    return f"https://secure.gravatar.com/avatar/{picture}?s={size}&d={default}&r={rating}"
