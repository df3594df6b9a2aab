"""What an answer says about itself."""

from flask import Response


def vary_by(response: Response, name: str) -> None:
    """Say that the answer depends on the header `name` of the request.

    Mostly nobody has said so of another one; only then is what they said taken apart.
    """
    said = response.headers.get("Vary")
    if said is None:
        response.headers["Vary"] = name
    elif name not in said:
        response.vary.add(name)
