"""What the pages are meant to reach, as ratios within one run, since machines differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

# How much of a limit's throughput a page has to reach.
SHARES = (
    ("home", "const", 0.8),
    ("home-uncached", "jinja", 0.5),
    ("profile-uncached", "jinja", 0.5),
    ("home-in", "jinja", 0.45),
    ("followed-light", "jinja", 0.4),
    ("profile-in", "jinja", 0.45),
    ("post-50-in", "jinja", 0.35),
    ("api-posts", "jinja", 0.6),
    ("api-timeline-light", "jinja", 0.6),
    ("api-timeline-heavy", "jinja", 0.6),
    ("create-post", "insert", 0.5),
    ("create-comment", "insert", 0.5),
)
# What a page is compared with where no share of it is asked for: `jinja`, but for these.
_LIMITS = {page: limit for page, limit, _ in SHARES} | {
    "log-in": "argon2",
    "create-comment-hot": "insert",
}
# How many times another page's median a page may take.
MULTIPLES = (
    ("followed-heavy", "followed-light", 1.5),
    ("followed-light-quiet", "followed-light", 1.5),
    ("followed-heavy-quiet", "followed-light", 1.5),
    ("api-timeline-heavy-quiet", "api-timeline-light", 1.5),
    ("home-next-uncached", "home-uncached", 1.1),
    ("home-1000-uncached", "home-uncached", 1.5),
    ("home-40000-uncached", "home-uncached", 10),
)
TAIL = 4  # the 99th percentile, as a multiple of the median
GROWTH = 1.2  # of a median from S to L
WRITES = 700  # a second, on PostgreSQL
LOGIN = 1.2  # times the CPU of checking a password, and nothing else
MEMORY, FLAT = 130, 1.05  # MB for each worker; and what it may grow by in 7,500 requests
READY = 1.0  # seconds


@dataclass(frozen=True)
class Goal:
    """What was to be reached, and what was."""

    text: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def limit_of(page: str) -> str:
    """Return the name of the bare application that `page` is compared with."""
    return _LIMITS.get(page, "jinja")


def ratio(pages: dict, page: str, limit: str, figure: str = "per_second") -> float:
    """Return the median, over the rounds, of a page's throughput as a share of `limit`'s.

    That is, of what the limit reached when it ran last before the page. `figure` may be another
    one of the rounds, such as "cpu".
    """
    limits = pages[limit]["rounds"]
    return median(
        own[figure] / limits[own["beside"][limit]][figure] for own in pages[page]["rounds"]
    )


def relative_median(pages: dict, page: str) -> float:
    """Return the median time of a page as a multiple of that of its limit, which ran beside it.

    Runs are compared by this, since milliseconds depend on who else uses the machine.
    """
    return ratio(pages, page, limit_of(page), "p50")


def goals(result: dict, smaller: dict | None = None) -> list[Goal]:
    """Return the goals that `result` lets one judge; `smaller` is that of size S, for growth."""
    pages = result["pages"]
    return [
        *_shares(pages),
        *_multiples(pages),
        *_tails(pages),
        *_statements(pages),
        *_writes(result),
        *_of_the_process(result),
        *(_growth(pages, smaller["pages"]) if smaller else ()),
    ]


def _shares(pages: dict) -> Iterator[Goal]:
    for page, limit, share in SHARES:
        if page in pages and limit in pages:
            yield Goal(f"{page}: share of {limit}", ratio(pages, page, limit), share, True)


def _multiples(pages: dict) -> Iterator[Goal]:
    for page, other, factor in MULTIPLES:
        if page in pages and other in pages:
            rounds = zip(pages[page]["rounds"], pages[other]["rounds"], strict=True)
            value = median(own["p50"] / of["p50"] for own, of in rounds)
            yield Goal(f"{page}: median as a multiple of {other}", value, factor)


def _tails(pages: dict) -> Iterator[Goal]:
    for name, page in _ours(pages):
        tail = median(row["p99"] / row["p50"] for row in page["rounds"])
        yield Goal(f"{name}: 99th percentile by median", tail, TAIL)


def _statements(pages: dict) -> Iterator[Goal]:
    for name, page in _ours(pages):
        if page["budget"] is not None:
            yield Goal(f"{name}: statements", page["statements"], page["budget"])


def _writes(result: dict) -> Iterator[Goal]:
    pages = result["pages"]
    if result["database"].startswith("PostgreSQL"):
        for name in ("create-post", "create-comment"):
            if name in pages:
                yield Goal(f"{name}: a second", pages[name]["per_second"], WRITES, True)
    if "log-in" in pages and "argon2" in pages:
        # Hashing costs more beside hashing, since all of it waits for the memory: only a page
        # that is asked for in the same way tells what the rest of a log-in costs.
        value = ratio(pages, "log-in", "argon2", "cpu")
        yield Goal("log-in: CPU by that of argon2", value, LOGIN)


def _of_the_process(result: dict) -> Iterator[Goal]:
    held = [megabytes for name, megabytes in result["memory"].items() if "requests" in name]
    if held:
        yield Goal("memory of a worker after 10,000 requests, MB", held[-1], MEMORY)
        yield Goal("memory of a worker, growth from 2,500 requests on", held[-1] / held[0], FLAT)
    yield Goal("seconds from import to ready", result["ready"], READY)


def _growth(pages: dict, smaller: dict) -> Iterator[Goal]:
    for name, _ in _ours(pages):
        if name in smaller:
            yield Goal(f"{name}: median, growth from S", growth(pages, smaller, name), GROWTH)


def growth(pages: dict, smaller: dict, page: str) -> float:
    """Return how many times longer a page takes than in the run of a smaller size."""
    return relative_median(pages, page) / relative_median(smaller, page)


def _ours(pages: dict) -> Iterator[tuple[str, dict]]:
    return ((name, page) for name, page in pages.items() if page["server"] != "bare")
