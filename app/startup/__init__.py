"""How an application is put together, in this order."""

from . import (
    commands,
    database,
    doors,
    errors,
    extensions,
    jobs,
    logs,
    presence,
    security,
    settings,
    sign_in,
    templates,
)

STEPS = (
    settings,
    logs,
    security,  # before the extensions: a foreign form is refused, not helped to a fresh token
    extensions,
    database,
    sign_in,
    presence,
    templates,
    errors,
    jobs,
    doors,
    commands,
)


def init_app(app) -> None:
    for step in STEPS:
        step.init_app(app)
