"""The door for work that was promised: handlers by name, run by the worker."""

from . import mail, pictures, upkeep  # noqa: F401  (register their handlers)
