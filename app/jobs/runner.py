"""Keeping promises: one job at a time, from claiming it to noting how it went."""

import logging
from datetime import datetime, timedelta
from functools import partial

from flask import current_app
from sqlalchemy import case, delete, func, or_, select, update

from ..adapters.smtp import is_final
from ..database import reading, repeated
from ..email import as_one_mail
from ..extensions import db
from ..lib import request_ids
from ..lib.clock import utcnow
from ..models import Job
from .handlers import HANDLERS

_LONGEST_WAIT = timedelta(hours=6)
_KEPT = timedelta(days=7)  # how long a kept promise can be looked up
_PARKED = timedelta(days=30)  # how long one can be that was parked


def run(job_id: int) -> None:
    """Run the job unless it is done, parked, not due, or somebody else is at it.

    A failure is noted and tried again later, each time after a longer wait.
    """
    claimed = _claim(job_id)
    if claimed is None:
        return
    name, payload, created_at, request_id = claimed
    before = request_ids.begin(request_id)
    try:
        with as_one_mail(f"{job_id}.{created_at:%Y%m%d%H%M%S%f}"):
            tries = current_app.config["FLASKY_DATABASE_TRIES"]
            repeated(partial(_keep, job_id, name, payload), undo=db.session.rollback, tries=tries)
    except Exception as error:  # whatever it was must not end the worker, nor be forgotten
        db.session.rollback()
        _note_failure(job_id, error)
        db.session.commit()
    finally:
        request_ids.begin(before)


def _keep(job_id: int, name: str, payload: dict) -> None:
    """Do the job and note that, in one transaction."""
    HANDLERS[name](**payload)
    db.session.execute(update(Job).where(Job.id == job_id).values(done_at=utcnow()))
    db.session.commit()


def due(most: int = 500) -> list[int]:
    """Return up to `most` jobs that should have been run by now."""
    waiting = select(Job.id).where(*_is_waiting()).order_by(Job.run_at, Job.id).limit(most)
    with reading():
        ids = list(db.session.scalars(waiting))
        db.session.rollback()
    return ids


def forget_old() -> None:
    """Remove the promises that were kept, or parked, long ago."""
    now = utcnow()
    is_old = or_(Job.done_at < now - _KEPT, Job.parked_at < now - _PARKED)
    db.session.execute(delete(Job).where(is_old))


def was_abandoned():
    """Return the condition that a worker claimed a job, and must have died since."""
    return Job.claimed_at < utcnow() - _seconds("FLASKY_JOB_CLAIM")


def _is_waiting() -> tuple:
    return (
        Job.done_at.is_(None),
        Job.parked_at.is_(None),
        Job.run_at <= utcnow(),
        or_(Job.claimed_at.is_(None), was_abandoned()),
    )


def _seconds(setting: str) -> timedelta:
    return timedelta(seconds=current_app.config[setting])


def _claim(job_id: int) -> tuple[str, dict, datetime, str | None] | None:
    """Take the job, unless somebody else did; return name, payload, time of birth and request."""
    died_at = case((Job.claimed_at.is_not(None), Job.claimed_at))
    claim = (
        update(Job)
        .where(Job.id == job_id, *_is_waiting())
        .ordered_values(
            # In this order: MariaDB sees what was assigned before.
            (Job.failing_since, func.coalesce(Job.failing_since, died_at)),
            (Job.claimed_at, utcnow()),
            (Job.attempts, Job.attempts + 1),
        )
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(claim).rowcount == 0:
        db.session.rollback()
        return None
    what = select(Job.name, Job.payload, Job.created_at, Job.request_id).where(Job.id == job_id)
    job = tuple(db.session.execute(what).one())
    db.session.commit()
    return job


def _note_failure(job_id: int, error: Exception) -> None:
    job = db.session.get(Job, job_id)
    if job is None:  # the account that it was promised to has been closed meanwhile
        return
    now = utcnow()
    job.last_error = f"{type(error).__name__}: {error}"
    job.claimed_at = None
    job.failing_since = job.failing_since or now
    gives_up_at = job.failing_since + _seconds("FLASKY_JOB_GIVE_UP")
    if is_final(error) or now >= gives_up_at:
        job.park()
        # An address that does not exist is no fault of the site's; a day without success is.
        _log(job, error, "It is parked; see: flask jobs list", is_fault=not is_final(error))
        return
    doublings = min(job.attempts - 1, 30)  # workers that died count as attempts: there may be many
    wait = min(_seconds("FLASKY_JOB_RETRY_WAIT") * 2**doublings, _LONGEST_WAIT)
    job.run_at = min(now + wait, gives_up_at)  # the last attempt comes when the time is up
    _log(job, error, f"Next attempt in {job.run_at - now}.", is_fault=False)


def _log(job: Job, error: Exception, outlook: str, *, is_fault: bool) -> None:
    # An expected trouble of the outside world needs no stack trace; a fault of ours does.
    expected = isinstance(error, OSError)
    current_app.logger.log(
        logging.WARNING if expected and not is_fault else logging.ERROR,
        "Job %d (%s) failed at attempt %d: %s. %s",
        job.id,
        job.name,
        job.attempts,
        job.last_error,
        outlook,
        exc_info=None if expected else error,
    )
