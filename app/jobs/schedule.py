"""All recurring work, in one list."""

from huey import crontab

# Job, and when it is promised. Times are UTC.
RECURRING = (
    ("upkeep.tidy", crontab(minute="17")),
    ("upkeep.render", crontab(minute="42")),
    ("upkeep.landmarks", crontab(minute="27")),
    ("upkeep.recount", crontab(minute="7", hour="3")),
    ("pictures.sweep", crontab(minute="37", hour="3")),
)
