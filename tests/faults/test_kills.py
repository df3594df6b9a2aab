"""Processes that are killed at random moments: what was acknowledged is there, once."""

import random
import time

from tests.faults.site import duplicates
from tests.faults.writers import Writers

_PATIENCE = 120  # seconds for a start on a machine that has a lot to do


class Killer:
    """Kills processes of a site that works, in turn, at moments that chance chooses."""

    def __init__(self, site, writers, seed):
        self._site, self._writers, self._chance = site, writers, random.Random(seed)
        self.kills = {"web": 0, "worker": 0}

    def kill(self) -> None:
        """Kill the job worker and, while the next one starts, two web workers."""
        self._let_work()
        self._site.kill("worker")
        self.kills["worker"] += 1
        starts = self._starts() + 1
        self._site.start_worker()
        for _ in range(2):
            self._let_work()
            self.kills["web"] += self._site.kill_web_worker(self._chance.choice)
        self._site.wait("the worker", lambda: self._starts() >= starts, _PATIENCE)

    def _let_work(self) -> None:
        """Wait until something was written since, and then some: a moment without load is none."""
        enough = len(self._writers.acknowledged) + 3
        self._site.wait("writing", lambda: len(self._writers.acknowledged) >= enough, _PATIENCE)
        time.sleep(self._chance.uniform(0, 0.4))

    def _starts(self) -> int:
        return self._site.log.count("The worker is ready.")


def test_a_killed_process_costs_nothing_that_was_acknowledged(
    make_site, database_url, mail_server, postbox, count, seed, report
):
    postbox.delay = 0.03  # as a mail server has it; a worker that dies meanwhile sends twice
    site = make_site(database_url, MAIL_SERVER="127.0.0.1", MAIL_PORT=str(mail_server))
    with Writers(site, seed=seed, share=(50, 30, 20)) as writers:
        killer = Killer(site, writers, seed)
        for _ in range(count(1, 67)):
            killer.kill()
    site.wait_for_mails(writers.newcomers, postbox, patience=count(30, 400))
    twice, kills = duplicates(postbox), killer.kills
    report(
        f"{kills} killed; {len(writers.acknowledged)} acknowledged, "
        f"{len(writers.newcomers)} mails, {len(twice)} of them twice; "
        f"{len(writers.failures)} of {len(writers.attempts)} requests failed, "
        f"the longest took {writers.percentile(1):.1f} s"
    )
    assert kills["worker"] > 0
    assert kills["web"] > 0
    assert writers.unexpected == []
    assert writers.faults == []
    assert site.lost(writers.acknowledged) == []
    assert site.wrong_counters() == []
    assert len(twice) <= kills["worker"], "more than one for each kill of the worker"
