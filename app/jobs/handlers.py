"""Which function keeps which promise."""

from collections.abc import Callable

HANDLERS: dict[str, Callable[..., None]] = {}


def handles(name: str):
    """Register the function below as the handler of the job `name`.

    It gets the payload as keyword arguments, works in a transaction of its own, and must be
    harmless when it runs twice.
    """

    def register(function):
        HANDLERS[name] = function
        return function

    return register
