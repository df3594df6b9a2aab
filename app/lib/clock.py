"""The one place that asks for the time."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """Now, as the database keeps it: UTC, without a time zone attached."""
    return datetime.now(UTC).replace(tzinfo=None)
