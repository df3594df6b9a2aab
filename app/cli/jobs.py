"""`flask jobs`: what has been promised and is not kept yet, and what to do about it."""

import click

from ..extensions import db
from ..models import Job
from ..queries.jobs import count_unfinished, parked_jobs, unfinished_jobs
from .failures import Group

jobs = Group(
    "jobs",
    help="Look at the jobs of the worker: mails and other work that requests promised.\n\n"
    "A job that fails is tried again, each time after a longer wait. After a day, or when a mail "
    "server has refused a mail for good, it is parked: kept, but not tried any more.",
)


@jobs.command(name="list")
@click.option("--most", type=click.IntRange(min=1), default=50, help="Rows to show at most (50).")
def list_jobs(most):
    """List the jobs that are not done.

    Parked ones come first, then those that fail, then those that just wait.
    """
    rows = unfinished_jobs(most)
    if rows:
        click.echo(f"{'ID':>8}  {'JOB':<22} {'PROMISED (UTC)':<16} {'TRIES':>5}  STATE")
    for job in rows:
        click.echo(
            f"{job.id:>8}  {job.name:<22} {job.created_at:%Y-%m-%d %H:%M} {job.attempts:>5}  "
            + _state_of(job)
        )
    parked, failing, waiting = count_unfinished()
    click.echo(f"{parked} parked, {failing} failing, {waiting} waiting.")
    if parked:
        click.echo("When the reason is gone: flask jobs retry ID, or flask jobs retry --all")


def _state_of(job: Job) -> str:
    error = " ".join((job.last_error or "").split())
    if job.parked_at:
        return f"parked {job.parked_at:%Y-%m-%d %H:%M}: {error}"
    if job.failing_since:
        return f"next try {job.run_at:%Y-%m-%d %H:%M}: {error}"
    return "at work" if job.claimed_at else "waits"


def _chosen(ids: tuple[int, ...], all_parked: bool) -> list[Job]:
    """Return the jobs that the operator means, or say what is wrong with the choice."""
    if bool(ids) == all_parked:
        raise click.UsageError("Name one or more jobs by their IDs, or all parked ones by --all.")
    if all_parked:
        return parked_jobs()
    chosen = []
    for job_id in ids:
        job = db.session.get(Job, job_id)
        if job is None:
            raise click.ClickException(f"There is no job {job_id}. Nothing was changed.")
        if job.done_at:
            raise click.ClickException(f"Job {job_id} is done. Nothing was changed.")
        chosen.append(job)
    return chosen


_ids = click.argument("ids", metavar="ID...", type=int, nargs=-1)
_all = click.option("--all", "all_parked", is_flag=True, help="All parked jobs.")


@jobs.command()
@_ids
@_all
def retry(ids, all_parked):
    """Have jobs tried again now, as if they had never failed."""
    chosen = _chosen(ids, all_parked)
    for job in chosen:
        job.retry()
    db.session.commit()
    click.echo(f"Handed to the worker: {_numbered(chosen)}.")


@jobs.command()
@_ids
@_all
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
def drop(ids, all_parked, yes):
    """Forget jobs. What they promised, a mail for instance, will never happen."""
    chosen = _chosen(ids, all_parked)
    if not chosen:
        click.echo("No job is parked.")
        return
    if not yes:
        click.confirm(f"Forget {_numbered(chosen)} for good?", abort=True)
    for job in chosen:
        db.session.delete(job)
    db.session.commit()
    click.echo(f"Forgotten: {_numbered(chosen)}.")


def _numbered(chosen: list[Job]) -> str:
    return "1 job" if len(chosen) == 1 else f"{len(chosen)} jobs"
