"""What the JSON forms of the models share. # contract: models know their JSON form."""

from datetime import UTC, datetime
from email.utils import format_datetime

API = "/api/v1"


def http_date(timestamp: datetime | None) -> str | None:
    """Return a timestamp of the database as an HTTP date (RFC 9110, 5.6.7)."""
    return timestamp and format_datetime(timestamp.replace(tzinfo=UTC), usegmt=True)
