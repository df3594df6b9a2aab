"""Looking after the outbox: what is due goes to the queue, what recurs is promised in time.

Every worker does it, at any moment; that there are several makes no difference.
"""

from datetime import timedelta

from flask import current_app
from sqlalchemy import or_, select, update

from ..adapters.queues import QUEUE_ERRORS
from ..database import reading
from ..extensions import db
from ..lib.clock import utcnow
from ..models import Job
from ..models.insertion import insert_once
from .queue import absence_of_queue, enqueue, queue_of
from .runner import due, was_abandoned
from .schedule import RECURRING

_MINUTE = timedelta(minutes=1)
_CATCH_UP = 24 * 60  # minutes: recurring work that was missed for so long is not made up for
# Jobs in the queue. While it holds so many they are worked at; what is due may well be among them,
# and would only be queued twice.
_ENOUGH = 50


def sweep() -> None:
    """Do all of it once."""
    promise_recurring()
    park_deadly()
    queue_due()


def queue_due() -> None:
    """Queue the jobs that wait: their queue lost them, their worker died, or they failed."""
    app = current_app._get_current_object()
    job_ids = due()
    if job_ids and _length_of(app) < _ENOUGH:
        enqueue(job_ids)


def _length_of(app) -> int:
    try:
        return len(queue_of(app))
    except QUEUE_ERRORS as error:
        if absence_of_queue(app).begin():
            app.logger.warning("Jobs wait in the outbox: the queue is away (%s).", error)
        return _ENOUGH


def promise_recurring() -> None:
    """Promise the recurring work whose time has come, unless another worker did, and commit."""
    slots = dict(filter(None, (_latest_slot(name, when) for name, when in RECURRING)))
    with reading():
        known = set(db.session.scalars(select(Job.slot).where(Job.slot.in_(slots))))
        db.session.rollback()
    for slot in slots.keys() - known:
        insert_once(Job, name=slots[slot], payload={}, slot=slot)
    db.session.commit()


def _latest_slot(name: str, when) -> tuple[str, str] | None:
    """Return the key of the last time that `name` should have run, and `name`."""
    now = utcnow().replace(second=0, microsecond=0)
    for minutes in range(_CATCH_UP):
        moment = now - minutes * _MINUTE
        if when(moment):
            return f"{name} {moment:%Y-%m-%d %H:%M}", name
    return None


def park_deadly() -> None:
    """Park the jobs that ended every worker that took them, for as long as others may fail."""
    limit = utcnow() - timedelta(seconds=current_app.config["FLASKY_JOB_GIVE_UP"])
    deadly = (Job.done_at.is_(None), Job.parked_at.is_(None), Job.failing_since < limit)
    with reading():
        ids = db.session.scalars(select(Job.id).where(*deadly, was_abandoned())).all()
        db.session.rollback()
    for job_id in ids:
        db.session.execute(
            update(Job)
            .where(Job.id == job_id, *deadly, or_(was_abandoned(), Job.claimed_at.is_(None)))
            .values(parked_at=utcnow(), last_error="The worker died each time it ran this job.")
        )
        current_app.logger.error("Job %d is parked: the worker died of it. See: flask jobs", job_id)
    db.session.commit()
