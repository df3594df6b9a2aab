"""Replicas of the database: which of them may be read from at this moment.

Each process watches them from threads beside its requests, so that nobody waits for one that is
away. Once a second it notes how far the primary has got (the position in its log); a replica lags
by the age of the last position that it has replayed. That needs neither a table to write a
heartbeat into nor clocks that agree, and behind an idle primary no replica looks late, as it would
by pg_last_xact_replay_timestamp().
"""

import math
import random
from collections import deque
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic

from flask import Flask
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from ..extensions import db

_EVERY = 1.0  # seconds between two looks
_HOLDS = 3.0  # how long a look is believed, should the next one take its time
_SKEW = 1.0  # by which the clocks of web machines may differ

_PRIMARY_POSITION = text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
_REPLICA_STATE = text(
    "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')"
)
_starting = Lock()


def has_replicas(app: Flask) -> bool:
    return bool(app.config["DATABASE_REPLICA_URLS"])


def own_writes_last(app: Flask) -> timedelta:
    """Return for how long after a write its author reads from the primary.

    By then every replica that may be read from holds it: see Watch.
    """
    return timedelta(seconds=app.config["FLASKY_REPLICA_MAX_LAG"] + _EVERY + _HOLDS + _SKEW)


def binds(urls: list[str], options: dict) -> dict[str, dict]:
    """Return what Flask-SQLAlchemy should be told to make an engine for each replica.

    `options` are those of the primary's engine.
    """
    options = {
        **options,
        "pool_pre_ping": True,
        # One that is away is not worth waiting for: the primary has everything.
        "connect_args": {**options["connect_args"], "connect_timeout": 2, "tcp_user_timeout": 3000},
        # Each statement sees what is committed by then, as on the primary. A transaction that
        # stayed open between them would be ended when the primary removes rows that it might see.
        "isolation_level": "AUTOCOMMIT",
    }
    return {_key(number): {"url": url, **options} for number, url in enumerate(urls)}


def _key(number: int) -> str:
    return f"replica{number}"


def fit_replica(app: Flask) -> Engine | None:
    """Return one of the replicas that may be read from, or None."""
    if not has_replicas(app):
        return None
    with _starting:
        # Not before somebody asks: a thread does not survive the fork of a web worker.
        if "replicas" not in app.extensions:
            app.extensions["replicas"] = Replicas(app)
    return app.extensions["replicas"].choose()


class Replicas:
    """All replicas of an application, under watch."""

    def __init__(self, app: Flask):
        limit = app.config["FLASKY_REPLICA_MAX_LAG"]
        self.positions = Positions(db.engine, keep=limit + 10)
        self.watches = [
            Watch(db.engines[_key(number)], self.positions, limit, app.logger)
            for number in range(len(app.config["DATABASE_REPLICA_URLS"]))
        ]
        self._stopped = Event()
        for look in (self.positions.look, *(watch.look for watch in self.watches)):
            Thread(target=self._repeat, args=(look,), name="replicas", daemon=True).start()

    def choose(self) -> Engine | None:
        fit = [watch.engine for watch in self.watches if watch.is_fit]
        return random.choice(fit) if fit else None  # noqa: S311 - guards nothing

    def stop(self) -> None:
        self._stopped.set()

    def _repeat(self, look) -> None:
        while not self._stopped.is_set():
            look()
            self._stopped.wait(_EVERY)


class Positions:
    """How far the primary had got, and when."""

    def __init__(self, primary: Engine, *, keep: float):
        self._primary, self._keep = primary, keep
        self._seen: deque[tuple[float, int]] = deque()

    def look(self) -> None:
        """Note the position. While the primary is away there is nothing new to note."""
        now = monotonic()
        try:
            with self._primary.connect() as connection:
                self.note(now, int(connection.scalar(_PRIMARY_POSITION)))
        except SQLAlchemyError:
            return  # whoever needs the primary will say so

    def note(self, when: float, position: int) -> None:
        self._seen.append((when, position))
        while self._seen[0][0] < when - self._keep:
            self._seen.popleft()

    def lag_of(self, position: int) -> float:
        """Return by how many seconds a replica lags that has replayed up to `position`.

        Measured at the last time that the primary could be asked; infinite if that is not known.
        """
        seen = list(self._seen)
        replayed = [when for when, reached in seen if reached <= position]
        return seen[-1][0] - replayed[-1] if replayed else math.inf


class Watch:
    """One replica. It is fit while it answers, is still a replica, and lags by `limit` at most.

    A request that reads from it sees everything that was committed longer ago than the limit, the
    time between two looks, and the time for which a look holds, taken together.
    """

    def __init__(self, engine: Engine, positions: Positions, limit: float, log):
        self.engine = engine
        self._positions, self._limit, self._log = positions, limit, log
        self._fit_until, self._said = 0.0, ""
        event.listen(engine, "handle_error", self._leave_out_at_once)

    @property
    def is_fit(self) -> bool:
        return monotonic() < self._fit_until

    def look(self) -> None:
        now = monotonic()
        problem = self._problem()
        self._fit_until = 0.0 if problem else now + _HOLDS
        self._say(problem)

    def _problem(self) -> str:
        """Return why the replica must not be read from, or nothing."""
        try:
            with self.engine.connect() as connection:
                is_replica, position = connection.execute(_REPLICA_STATE).one()
        except SQLAlchemyError as error:
            return f"it does not answer ({type(error).__name__})"
        if not is_replica or position is None:
            return "it is no replica (any more)"
        lag = self._positions.lag_of(int(position))
        if lag == math.inf:
            return "by how much it lags is not known"
        return f"it lags by more than {self._limit} s" if lag > self._limit else ""

    def _leave_out_at_once(self, _context) -> None:
        """Whoever meets an error there leaves the others in peace until the next look."""
        self._fit_until = 0.0

    def _say(self, problem: str) -> None:
        if problem != self._said:
            where = f"{self.engine.url.host}:{self.engine.url.port}"
            if problem:
                self._log.warning("The replica %s is left out: %s.", where, problem)
            elif self._said:
                self._log.info("The replica %s is read from again.", where)
            self._said = problem
