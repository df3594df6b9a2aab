"""How an application is put together, in this order."""

from . import (
    caches,
    commands,
    compression,
    database,
    doors,
    engine,
    errors,
    extensions,
    jobs,
    limits,
    logs,
    page_cache,
    presence,
    repetition,
    replicas,
    reporting,
    security,
    settings,
    sign_in,
    templates,
    watching,
)

STEPS = (
    settings,
    reporting,
    watching,  # first of those that see requests, so that it measures the others too
    logs,
    compression,  # before those who say what everybody may have: answers come back in turn
    caches,  # before security: behind what it believes of a proxy
    page_cache,
    security,  # before the extensions: a foreign form is refused, not helped to a fresh token
    replicas,  # before the extensions: Flask-SQLAlchemy makes the engines
    engine,  # before the extensions: Flask-SQLAlchemy makes the engine from these settings
    extensions,
    database,
    repetition,
    sign_in,
    presence,
    limits,
    templates,
    errors,
    jobs,
    doors,
    commands,
)


def init_app(app) -> None:
    for step in STEPS:
        step.init_app(app)
