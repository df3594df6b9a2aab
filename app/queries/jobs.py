"""Promises that are not kept yet, for those who look after the site."""

from sqlalchemy import func, select
from sqlalchemy.orm import raiseload

from ..extensions import db
from ..models import Job

_PARKED = Job.parked_at.is_not(None)


def unfinished_jobs(most: int) -> list[Job]:
    """Return up to `most` jobs that are not done: parked ones first, then failing ones."""
    rows = select(Job).where(Job.done_at.is_(None)).options(raiseload("*", sql_only=True))
    order = (Job.parked_at.is_(None), Job.failing_since.is_(None), Job.run_at, Job.id)
    return db.session.scalars(rows.order_by(*order).limit(most)).all()


def parked_jobs() -> list[Job]:
    """Return the jobs that nobody tries any more, the oldest first."""
    return db.session.scalars(select(Job).where(_PARKED).order_by(Job.id)).all()


def count_unfinished() -> tuple[int, int, int]:
    """Return how many jobs are parked, how many fail for now, and how many just wait."""
    columns = (func.count(), func.count(Job.parked_at), func.count(Job.failing_since))
    total, parked, _ = db.session.execute(select(*columns).where(Job.done_at.is_(None))).one()
    failing = db.session.scalar(
        select(func.count()).where(
            Job.done_at.is_(None), Job.parked_at.is_(None), Job.failing_since.is_not(None)
        )
    )
    return parked, failing, total - parked - failing
