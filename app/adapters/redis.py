"""Redis, which a site may have or not, and which may be away at any time.

The client is imported where it is installed (requirements/prod.txt).
"""

import logging
from collections.abc import Callable

from limits.storage import MemoryStorage, Storage
from limits.storage import RedisStorage as RedisCounters

from ..exceptions import ConfigurationError
from ..lib.absence import Absence

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry
except ImportError:
    redis = None

SCHEMES = ("redis", "rediss", "unix")
REDIS_ERRORS = (redis.RedisError,) if redis else ()
_PAUSE = 2  # seconds that nobody asks a Redis again which did not answer
_log = logging.getLogger(__name__.partition(".")[0])  # the application's, also before a request


def require_client() -> None:
    """Raise ConfigurationError if there is no client to reach a Redis with."""
    if redis is None:
        raise ConfigurationError(
            "The settings name a Redis (REDIS_URL, FLASKY_QUEUE_URL or RATELIMIT_STORAGE_URI), "
            "but its client is not installed. Run: pip install -r requirements/prod.txt"
        )


def connection_pool(url: str, *, timeout: float):
    """Return connections to `url` that give up after `timeout` seconds.

    A connection that Redis has closed meanwhile, as a restart does, is opened again at once;
    whoever waited in vain does not wait a second time.
    """
    return redis.ConnectionPool.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        health_check_interval=0,
    )


class Dispensable:
    """Asks a Redis that the site can do without for a while.

    `without` says in the log what is done while it is away, `again` what is when it is back.
    """

    def __init__(self, *, without: str, again: str):
        self._without, self._again = without, again
        self.absence = Absence(pause=_PAUSE)

    def ask(self, question: Callable, otherwise: Callable):
        """Return what `question` answers, or `otherwise` while Redis is away."""
        if self.absence.lasts():
            return otherwise()
        try:
            answer = question()
        except REDIS_ERRORS as error:
            if self.absence.begin():
                _log.warning("Redis is away, %s: %s", self._without, error)
            return otherwise()
        if self.absence.end():
            _log.info("Redis is back; %s.", self._again)
        return answer


class PatientCounters(Storage):
    """Counters in Redis for the limits library; in the process's own memory while Redis is away.

    None of several threads that meet a Redis that has just gone fails.
    """

    STORAGE_SCHEME = [f"patient+{scheme}" for scheme in SCHEMES]

    def __init__(self, uri: str, *, timeout: float, **options):
        super().__init__(uri, **options)
        require_client()
        address = uri.removeprefix("patient+")
        pool = connection_pool(address, timeout=timeout)
        self._shared = RedisCounters(address, connection_pool=pool)
        self._own = MemoryStorage()
        self._redis = Dispensable(
            without="each process counts for itself",
            again="all processes count together again",
        )

    @property
    def base_exceptions(self):
        return REDIS_ERRORS

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        return self._ask("incr", key, expiry, amount)

    def get(self, key: str) -> int:
        return self._ask("get", key)

    def get_expiry(self, key: str) -> float:
        return self._ask("get_expiry", key)

    def clear(self, key: str) -> None:
        self._ask("clear", key)

    def check(self) -> bool:
        return self._shared.check()

    def reset(self) -> int | None:
        self._own.reset()
        return self._shared.reset()

    def _ask(self, question: str, *arguments):
        return self._redis.ask(
            lambda: getattr(self._shared, question)(*arguments),
            lambda: getattr(self._own, question)(*arguments),
        )
