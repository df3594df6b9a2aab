"""Several worker processes beside each other: recurring work is done by one of them, once."""

import pytest

from app.jobs.schedule import RECURRING
from tests.faults.site import FaultySite

# Recounting takes two jobs, one table after the other: the first promises the second.
NAMES = sorted([*(name for name, _when in RECURRING), "upkeep.recount"])
WORKERS = ("one", "another")


@pytest.fixture
def site(tmp_path, database_url):
    site = FaultySite(tmp_path, database_url, FLASKY_JOB_CLAIM="300", FLASKY_OUTBOX_INTERVAL="0.1")
    site.prepare(people=0)
    yield site
    site.stop()


def test_recurring_work_is_done_once_however_many_workers_there_are(site, count):
    for name in WORKERS:
        site.start_worker(name)
    site.wait("both workers", lambda: site.log.count("The worker is ready.") == len(WORKERS))
    # What they began with must not promise anything more once the jobs have been deleted.
    site.wait("the first of it done", lambda: site.ask(_DONE)[0][0] >= len(NAMES))
    for _ in range(count(2, 50)):
        # All find that nothing has been promised yet, within the same second.
        site.write("DELETE FROM jobs")
        site.wait("all of it done", lambda: site.ask(_DONE)[0][0] >= len(NAMES))
        runs = site.ask("SELECT name, attempts, failing_since FROM jobs ORDER BY name")
        assert [tuple(run) for run in runs] == [(name, 1, None) for name in NAMES]
    assert "Traceback" not in site.log


_DONE = "SELECT count(*) FROM jobs WHERE done_at IS NOT NULL"
