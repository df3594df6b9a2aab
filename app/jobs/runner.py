"""Keeping promises: one job at a time, from claiming it to noting how it went."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, or_, select, update

from ..extensions import db
from ..lib.clock import utcnow
from ..models import Job
from ..models.job import MOST_ATTEMPTS
from .handlers import HANDLERS

_CLAIM_LASTS = timedelta(minutes=5)  # then the worker that claimed it must have died
_KEPT = timedelta(days=7)  # how long a kept promise can be looked up


def run(job_id: int) -> None:
    """Run the job unless it is done, not due, or somebody else is at it.

    A failure is noted and tried again later, each time after a longer wait.
    """
    claimed = _claim(job_id)
    if claimed is None:
        return
    name, payload = claimed
    try:
        HANDLERS[name](**payload)
        db.session.execute(update(Job).where(Job.id == job_id).values(done_at=utcnow()))
        db.session.commit()
    except Exception as error:  # whatever it was must not end the worker, nor be forgotten
        db.session.rollback()
        _note_failure(job_id, error)
        db.session.commit()


def due() -> list[int]:
    """Return the jobs that should have been run by now."""
    waiting = select(Job.id).where(*_is_waiting()).order_by(Job.run_at, Job.id).limit(500)
    ids = list(db.session.scalars(waiting))
    db.session.rollback()
    return ids


def forget_old() -> None:
    """Remove the promises that were kept long ago."""
    db.session.execute(delete(Job).where(Job.done_at < utcnow() - _KEPT))


def _is_waiting() -> tuple:
    now = utcnow()
    return (
        Job.done_at.is_(None),
        Job.run_at <= now,
        Job.attempts < MOST_ATTEMPTS,
        or_(Job.claimed_at.is_(None), Job.claimed_at < now - _CLAIM_LASTS),
    )


def _claim(job_id: int) -> tuple[str, dict] | None:
    """Take the job, unless somebody else did; return its name and payload."""
    claim = (
        update(Job)
        .where(Job.id == job_id, *_is_waiting())
        .values(claimed_at=utcnow(), attempts=Job.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(claim).rowcount == 0:
        db.session.rollback()
        return None
    job = db.session.execute(select(Job.name, Job.payload).where(Job.id == job_id)).one()
    db.session.commit()
    return job.name, job.payload


def _note_failure(job_id: int, error: Exception) -> None:
    job = db.session.get(Job, job_id)
    if job is None:  # the account that it was promised to has been closed meanwhile
        return
    wait = timedelta(seconds=min(30 * 2 ** (job.attempts - 1), 6 * 3600))
    job.last_error = f"{type(error).__name__}: {error}"
    job.claimed_at = None
    job.run_at = utcnow() + wait
    # An expected trouble of the outside world needs no stack trace; a fault of ours does.
    expected = isinstance(error, OSError)
    current_app.logger.log(
        30 if expected and job.attempts < MOST_ATTEMPTS else 40,
        "Job %d (%s) failed at attempt %d of %d: %s. Next attempt in %s.",
        job.id,
        job.name,
        job.attempts,
        MOST_ATTEMPTS,
        job.last_error,
        wait,
        exc_info=None if expected else error,
    )
