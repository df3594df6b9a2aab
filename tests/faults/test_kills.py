"""Processes that are killed at random moments: what was acknowledged is there, once."""

import random
import time

from tests.faults.site import duplicates
from tests.faults.writers import Writers


def test_a_killed_process_costs_nothing_that_was_acknowledged(
    make_site, database_url, mail_server, postbox, count, seed, report
):
    chance, kills = random.Random(seed), {"web": 0, "worker": 0}
    site = make_site(database_url, MAIL_SERVER="127.0.0.1", MAIL_PORT=str(mail_server))
    with Writers(site, seed=seed) as writers:
        for number in range(count(4, 200)):
            time.sleep(chance.uniform(0.05, 0.8))
            if number % 2:
                site.kill("worker")
                site.start_worker()
                kills["worker"] += 1
            else:
                kills["web"] += site.kill_web_worker(chance.choice)
    site.wait_for_mails(writers.newcomers, postbox, patience=count(30, 120))
    twice = duplicates(postbox)
    report(
        f"{kills} killed; {len(writers.acknowledged)} acknowledged, "
        f"{len(writers.newcomers)} mails, {len(twice)} of them twice; "
        f"{len(writers.failures)} of {len(writers.attempts)} requests failed, "
        f"the longest took {writers.percentile(1):.1f} s"
    )
    assert kills["worker"] > 0
    assert kills["web"] > 0
    assert len(writers.newcomers) > 0
    assert writers.unexpected == []
    assert writers.faults == []
    assert site.lost(writers.acknowledged) == []
    assert site.wrong_counters() == []
    assert len(twice) <= kills["worker"], "more than one for each kill of the worker"
