"""A Redis that is stopped, frozen and started again under load: no request notices."""

import time
from statistics import median

import pytest

from tests.adapters.redis_server import run_redis
from tests.faults.writers import Writers


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path / 'data.sqlite'}"


@pytest.fixture
def redis(tmp_path):
    with run_redis(tmp_path) as server:
        yield server


def during(seconds):
    """Let time pass; return when it began and when it was over."""
    began = time.monotonic()
    time.sleep(seconds)
    return began, time.monotonic()


def took(writers, spans):
    """Return how long each request took that began in one of the spans."""
    return [
        attempt.took
        for attempt in writers.attempts
        if any(began <= attempt.began < ended for began, ended in spans)
    ]


def test_no_request_fails_while_redis_is_away_and_all_recovers_by_itself(
    make_site, database_url, redis, mail_server, postbox, count, seed, report
):
    length, rounds = count(0.8, 10), count(1, 3)
    site = make_site(
        database_url, MAIL_SERVER="127.0.0.1", MAIL_PORT=str(mail_server), REDIS_URL=redis.url
    )
    away, here = [], []
    with Writers(site, seed=seed, share=(50, 30, 20), pause=count(0.1, 0.2)) as writers:
        time.sleep(1)
        for _ in range(rounds):
            for leave, come_back in ((redis.stop, redis.start), (redis.freeze, redis.thaw)):
                leave()
                away.append(during(length))
                come_back()
                here.append(during(length))
    site.wait_for_mails(writers.newcomers, postbox, patience=count(30, 60))
    usual, meanwhile = (median(took(writers, times)) for times in (here, away))
    lines = [line for line in site.log.splitlines() if "is away" in line]
    report(
        f"{2 * rounds} times away for {length} s; {len(writers.attempts)} requests, "
        f"{len(writers.failures)} failed, median {usual:.2f} s, meanwhile {meanwhile:.2f} s, "
        f"{len(writers.newcomers)} mails, {len(lines)} lines in the log"
    )
    assert writers.failures == []
    assert writers.unexpected == []
    assert site.lost(writers.acknowledged) == []
    # Now and then somebody waits for a time-out of half a second, and never everybody.
    assert meanwhile < 2 * usual + 0.4
    assert lines, "nobody missed Redis"
    # A line a minute for each of two matters in each of three processes, which may be replaced.
    minutes = 1 + 4 * rounds * length // 60
    assert len(lines) <= 2 * 3 * minutes
    assert "Traceback" not in site.log
