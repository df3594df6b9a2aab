"""A PostgreSQL that crashes and starts anew under load: it costs its own absence and no more."""

import shutil
import time
from pathlib import Path

import pytest

from tests.faults.postgres import Cluster, find_binaries, new_folder
from tests.faults.writers import Writers

_GRACE = 2  # seconds after the start until which a request may still fail


@pytest.fixture
def cluster():
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = new_folder()
    try:
        server = Cluster(binaries, folder).create("fsync = on\n").start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def children_of(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


def test_errors_end_with_the_restart_and_nothing_is_lost(
    make_site, cluster, mail_server, postbox, count, seed, report
):
    site = make_site(cluster.url, MAIL_SERVER="127.0.0.1", MAIL_PORT=str(mail_server))
    master = site.processes["web"].pid
    workers, away = children_of(master), []
    with Writers(site, seed=seed, share=(50, 40, 10), pause=0.1) as writers:
        time.sleep(1)
        for _ in range(count(1, 10)):
            gone_at = time.monotonic()
            cluster.stop()
            time.sleep(count(0.5, 3))
            cluster.start()
            away.append((gone_at, time.monotonic()))
            time.sleep(_GRACE + 1)
    site.wait_for_mails(writers.newcomers, postbox, patience=60)
    ended = [attempt.began + attempt.took for attempt in writers.failures]
    late = [end for end in ended if not any(a <= end <= b + _GRACE for a, b in away)]
    report(
        f"{len(away)} crashes, away for {sum(b - a for a, b in away):.1f} s in all; "
        f"{len(writers.attempts)} requests, {len(ended)} failed, {len(late)} of them too late; "
        f"{len(writers.acknowledged)} acknowledged, {len(writers.newcomers)} mails"
    )
    assert late == []
    assert writers.unexpected == []
    assert site.lost(writers.acknowledged) == []
    assert site.wrong_counters() == []
    assert children_of(master) == workers, "a web worker was replaced"
