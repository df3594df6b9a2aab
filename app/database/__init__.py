"""What stands between the models and SQLAlchemy: tables, sessions, connections, second tries."""

from . import connections  # noqa: F401 - listens to all engines
from .recording import begin_record, current_record
from .repeating import (
    DATABASE_ERRORS,
    begin_act,
    is_undone,
    pause_before,
    repeated,
    trouble_with,
)
from .session import (
    AUTOCOMMIT,
    RoutingSession,
    Sessions,
    begin_read_only,
    is_read_only,
    primary,
    read_from,
    reading,
    reads_from_replica,
    records_stand_alone,
    writes_by_statements,
    writing,
)
from .tables import Base, LongText, Timestamp

__all__ = [
    "AUTOCOMMIT",
    "DATABASE_ERRORS",
    "Base",
    "LongText",
    "RoutingSession",
    "Sessions",
    "Timestamp",
    "begin_act",
    "begin_read_only",
    "begin_record",
    "current_record",
    "is_read_only",
    "is_undone",
    "pause_before",
    "primary",
    "read_from",
    "reading",
    "reads_from_replica",
    "records_stand_alone",
    "repeated",
    "trouble_with",
    "writes_by_statements",
    "writing",
]
