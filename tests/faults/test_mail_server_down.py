"""A mail server that is away for a while: nobody waits for it, and every mail arrives."""

import time

import pytest

from tests.adapters.mail_server import free_port, serve
from tests.faults.hanging import hang_on
from tests.faults.site import duplicates
from tests.faults.writers import Writers


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path / 'data.sqlite'}"


def failing(site):
    return site.ask("SELECT count(*) FROM jobs WHERE failing_since IS NOT NULL")[0][0]


def test_a_mail_server_that_is_away_delays_mails_and_nothing_else(
    make_site, database_url, postbox, count, seed, report
):
    """First it refuses every connection, then it takes them and says nothing."""
    port, length = free_port(), count(1, 60)
    site = make_site(database_url, MAIL_SERVER="127.0.0.1", MAIL_PORT=str(port), MAIL_TIMEOUT="1")
    with Writers(site, seed=seed, share=(50, 30, 20), pause=count(0.1, 0.5)) as writers:
        with serve(postbox, port=port):
            time.sleep(1)  # until everybody is warm
            began = time.monotonic()
            time.sleep(length)
        gone_at = time.monotonic()
        time.sleep(length)
        site.wait("a mail that fails", lambda: failing(site))
        failed_before = failing(site)
        with hang_on(port):
            time.sleep(length)
            site.wait("another mail that fails", lambda: failing(site) > failed_before)
        back_at = time.monotonic()
        with serve(postbox, port=port):
            time.sleep(0.5)
            writers.stop()
            site.wait_for_mails(writers.newcomers, postbox, patience=count(30, 180))
            took = time.monotonic() - back_at
    figures = {
        share: (
            writers.percentile(share, began, gone_at),
            writers.percentile(share, gone_at, back_at),
        )
        for share in (0.5, 0.95)
    }
    times = ", ".join(
        f"{share:.0%} of requests within {before:.2f} s before, {away:.2f} s meanwhile"
        for share, (before, away) in figures.items()
    )
    report(
        f"away for {back_at - gone_at:.0f} s; {len(writers.newcomers)} mails, the last "
        f"{took:.1f} s after the server was back, {len(duplicates(postbox))} twice; {times}"
    )
    assert writers.failures == []
    assert writers.unexpected == []
    assert site.ask("SELECT count(*) FROM jobs WHERE parked_at IS NOT NULL") == [(0,)]
    # A request that waited for the mail server would take a second; the rest is what a machine
    # that others use may cost.
    before, meanwhile = figures[0.5]
    assert meanwhile < 2 * before + 0.3
