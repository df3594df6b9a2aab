"""Telling a path on this site from an address elsewhere."""

import re

_LONGEST = 2000
_FORBIDDEN = re.compile(r"[\\\s\x00-\x1f\x7f-\x9f\u2028\u2029]")


def local_path(target: str | None) -> str | None:
    """Return `target` if a browser would read it as a path on this site, else None.

    Browsers drop tabs and newlines, and read a backslash as a slash: so whatever holds one of
    them, or starts with two slashes, may lead away and is refused.
    """
    if not target or len(target) > _LONGEST or _FORBIDDEN.search(target):
        return None
    return target if re.match("/(?!/)", target) else None
