"""From where a session reads, and whether it may write."""

from contextlib import contextmanager
from contextvars import ContextVar

from flask_sqlalchemy.session import Session
from sqlalchemy import Engine, UpdateBase
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import scoped_session

# The engine that opens no transactions, where the database has one (startup/engine.py).
AUTOCOMMIT = "autocommit"


class RoutingSession(Session):
    """Reads from a replica where the request allows it, and does everything else at the primary."""

    def get_bind(self, mapper=None, clause=None, bind=None, **kwargs):
        reads = bind is None and _read_only.get()
        if not reads or self._flushing or isinstance(clause, UpdateBase):
            return super().get_bind(mapper=mapper, clause=clause, bind=bind, **kwargs)
        replica = _replica.get()
        if replica is not None:
            try:
                self.connection(bind_arguments={"bind": replica})
            except (OperationalError, NoConnectionLeft):
                read_from(None)  # it has gone just now; the primary has everything
            else:
                return replica
        return self._db.engines.get(AUTOCOMMIT) or super().get_bind(
            mapper=mapper, clause=clause, **kwargs
        )


class Sessions(scoped_session):
    """One session for each application context, made when it is needed."""

    def commit(self) -> None:
        """Commit what was begun; where nothing was, nobody need be asked."""
        if self.registry.has() and self().in_transaction():
            super().commit()

    def is_in_use(self) -> bool:
        """Tell whether the session has begun a transaction, or holds records of one before."""
        if not self.registry.has():
            return False
        session = self()
        return session.in_transaction() or bool(session.identity_map)


_read_only: ContextVar[bool] = ContextVar("read_only", default=False)
_stand_alone: ContextVar[bool] = ContextVar("stand_alone", default=False)
_replica: ContextVar[Engine | None] = ContextVar("replica", default=None)


def begin_read_only(read_only: bool, *, by_statements: bool = False) -> None:
    """Declare whether the transactions from here on only read, or write by statements alone.

    In both cases no record changes, so that those that are looked up can stand alone.
    """
    _read_only.set(read_only)
    _stand_alone.set(read_only or by_statements)


def is_read_only() -> bool:
    return _read_only.get()


def records_stand_alone() -> bool:
    """Tell whether records that are looked up belong to no session: no change is written."""
    return _stand_alone.get()


def writes_by_statements() -> bool:
    """Tell whether what is written changes no record, so that a statement may be a transaction."""
    return _stand_alone.get() and not _read_only.get()


def writing():
    """Let a transaction that is opened inside write, although the request only reads.

    What is read afterwards must show it, so it comes from the primary.
    """
    read_from(None)
    return _for_now(read_only=False)


def reading():
    """Open transactions inside only for reading, so that on SQLite nobody has to wait for them."""
    return _for_now(read_only=True)


def read_from(replica: Engine | None) -> None:
    """Let what only reads, from here on, read from `replica`; from the primary if that is None."""
    _replica.set(replica)


def reads_from_replica() -> bool:
    return _replica.get() is not None


@contextmanager
def primary():
    """Read from the primary inside: what must be true at this moment."""
    before = _replica.set(None)
    try:
        yield
    finally:
        _replica.reset(before)


@contextmanager
def _for_now(*, read_only: bool):
    before, alone = _read_only.set(read_only), _stand_alone.set(read_only)
    try:
        yield
    finally:
        _read_only.reset(before)
        _stand_alone.reset(alone)
