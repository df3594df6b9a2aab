"""Is the process alive, and can it serve?"""

from flask import current_app, jsonify

from ..care.readiness import OK, Readiness
from ..extensions import db
from .blueprint import ops

# In these states the site serves, if late: see Readiness.
_WELL = {OK, "late"}


@ops.get("/health/live")
def live():
    """Answer as long as the process does. It asks nobody, so that a restart is the right cure."""
    return _answer({"process": OK})


@ops.get("/health/ready")
def ready():
    """Answer 200 while people can be sent here, 503 while not; within two seconds."""
    words, trouble = _readiness().ask()
    _log_changes(trouble)
    return _answer(words)


def _answer(words: dict[str, str]):
    is_well = set(words.values()) <= _WELL
    response = jsonify(status=OK if is_well else "unavailable", **words)
    response.status_code = 200 if is_well else 503
    response.cache_control.no_store = True
    return response


def _readiness() -> Readiness:
    known = current_app.extensions
    if "readiness" not in known:
        scripts = known["migrate"].directory
        setting = current_app.config["FLASKY_DATABASE_SETTING"]
        known["readiness"] = Readiness(db.engine, scripts, setting)
    return known["readiness"]


def _log_changes(trouble: str | None) -> None:
    """Say once that it is not well, and once that it is again; probes come every few seconds."""
    before = current_app.extensions.get("unready")
    if trouble and not before:
        current_app.logger.error("This process is not ready: %s.", trouble.rstrip("."))
    elif before and not trouble:
        current_app.logger.warning("This process is ready again.")
    current_app.extensions["unready"] = trouble
