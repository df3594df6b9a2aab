"""The time, as the database keeps it."""

from datetime import datetime, timedelta, timezone

import time_machine

from app.lib.clock import utcnow

NOON_IN_TOKYO = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=9)))


def test_the_time_is_utc_and_has_no_zone_attached():
    with time_machine.travel(NOON_IN_TOKYO, tick=False):
        assert utcnow() == datetime(2026, 3, 1, 3)
        assert utcnow().tzinfo is None
