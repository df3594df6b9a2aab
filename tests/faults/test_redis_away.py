"""A Redis that is stopped, frozen and started again under load: no request notices."""

import time

import pytest

from tests.adapters.redis_server import run_redis
from tests.faults.writers import Writers

_LONGEST = 4  # seconds for a request while Redis hangs: a few time-outs of half a second


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path / 'data.sqlite'}"


@pytest.fixture
def redis(tmp_path):
    with run_redis(tmp_path) as server:
        yield server


def test_no_request_fails_while_redis_is_away_and_all_recovers_by_itself(
    make_site, database_url, redis, mail_server, postbox, count, seed, report
):
    length, rounds = count(0.8, 10), count(1, 3)
    site = make_site(
        database_url, MAIL_SERVER="127.0.0.1", MAIL_PORT=str(mail_server), REDIS_URL=redis.url
    )
    away = []
    with Writers(site, seed=seed, share=(50, 30, 20), pause=count(0.1, 0.2)) as writers:
        time.sleep(1)
        for _ in range(rounds):
            for leave, come_back in ((redis.stop, redis.start), (redis.freeze, redis.thaw)):
                leave()
                gone_at = time.monotonic()
                time.sleep(length)
                away.append((gone_at, time.monotonic()))
                come_back()
                time.sleep(length)
    site.wait_for_mails(writers.newcomers, postbox, patience=count(30, 60))
    longest = max(writers.percentile(1, *times) for times in away)
    lines = [line for line in site.log.splitlines() if "is away" in line]
    report(
        f"{2 * rounds} times away for {length} s; {len(writers.attempts)} requests, "
        f"{len(writers.failures)} failed, the longest {longest:.1f} s, "
        f"{len(writers.newcomers)} mails, {len(lines)} lines in the log"
    )
    assert writers.failures == []
    assert writers.unexpected == []
    assert site.lost(writers.acknowledged) == []
    assert longest < _LONGEST
    assert lines, "nobody missed Redis"
    # A line a minute for each of two matters in each of three processes, which may be replaced.
    minutes = 1 + 4 * rounds * length // 60
    assert len(lines) <= 2 * 3 * minutes
    assert "Traceback" not in site.log
