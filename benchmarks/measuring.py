"""One run: servers side by side, all pages in turn, several rounds, and what each cost."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from statistics import median
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks import pages as what
from benchmarks.dataset import Dataset, log_file
from benchmarks.goals import SHARES, limit_of
from benchmarks.load import ask_once, load
from benchmarks.pages import LIMITS, WRITERS, Page
from benchmarks.servers import Server, serve
from benchmarks.visitor import PASSWORD, Answer, Visitor

# What turns the whole-page cache off, and nothing else: settings of config.py.
UNCACHED = '{"FLASKY_PAGE_CACHE": 0}'
_MIXED = 10_000  # requests after which memory is looked at again
_PAUSE = 0.5  # seconds, since a client that stops leaves its last requests to be answered
_READERS = ("light", "heavy", "light.quiet", "heavy.quiet")


class Run:
    """Measures pages of `dataset`; `facts` are what Dataset.prepare returned."""

    def __init__(
        self, dataset: Dataset, facts: dict, *, wanted, rounds: int, seconds: float, gunicorn
    ):
        self._dataset, self._facts, self._wanted = dataset, facts, wanted
        self._rounds, self._seconds, self._gunicorn = rounds, seconds, gunicorn
        self.servers: dict[str, Server] = {}
        self._ready_after: list[float] = []

    def measure(self, tell: Callable[[str], None]) -> dict:
        """Return {"pages": …, "memory": …, "ready": …}; see benchmarks/results/."""
        with ExitStack() as stack:
            for name, settings in (("bare", "{}"), ("site", "{}"), ("uncached", UNCACHED)):
                server = stack.enter_context(self._serve(name, settings))
                self.servers[name] = server
                if name != "bare":
                    self._ready_after.append(server.ready_after)
            memory = {"first": self.servers["site"].memory()}
            found = {}
            # Writing changes what is read, so that it comes last.
            reading = self._reading()
            found |= self._rounds_of(reading, tell)
            memory["loaded"] = self.servers["site"].memory()
            found |= self._rounds_of(self._writing(), tell)
            self._check_what_was_written(found)
            memory |= self._memory_of_many(reading)
        return {
            "pages": found,
            "memory": memory,
            "ready": min(self._ready_after),  # of three starts, since other work only delays
        }

    def _reading(self) -> list[Page]:
        port = self.servers["site"].port
        visitors = {name: Visitor(port).log_in(what.email(name), PASSWORD) for name in _READERS}
        for visitor in visitors.values():
            visitor.get("/")  # the first form brings a token in the cookie, as a browser has it
        tokens = {name: what.api_token(Visitor(port), name) for name in _READERS}
        return [
            *self._chosen(what.for_strangers(self._facts, Visitor(port))),
            *self._chosen(what.for_members(self._facts, visitors)),
            *self._chosen(what.for_programs(self._facts, tokens)),
        ]

    def _writing(self) -> list[Page]:
        port = self.servers["site"].port
        writers = [Visitor(port).log_in(what.email(name), PASSWORD) for name in WRITERS]
        return self._chosen(what.that_write(port, writers, self._dataset.cast("--targets")))

    def _chosen(self, pages: list[Page]) -> list[Page]:
        return [page for page in pages if not self._wanted or page.name in self._wanted]

    def _rounds_of(self, chosen: list[Page], tell) -> dict[str, dict]:
        """Measure all pages in turn, each beside its limit, as often as there are rounds."""
        turns = list(_with_limits(chosen))
        pages = {page.name: page for page in turns}.values()
        found = {
            page.name: {"server": page.server, "writes": page.writes, "rounds": []}
            for page in pages
        }
        for page in pages:
            found[page.name] |= {"budget": page.statements, **self._look_at(page)}
            load(page.request(self.servers[page.server]), 1)  # to warm up
        for number in range(self._rounds):
            beside = {}  # which of its rounds each limit had last
            for page in turns:
                result = self._round(page)
                if page.server == "bare":
                    beside[page.name] = len(found[page.name]["rounds"])
                else:
                    result["beside"] = dict(beside)
                found[page.name]["rounds"].append(result)
                figures = f"{result['per_second']:9.0f} /s  {result['p50']:8.2f} ms"
                tell(f"{number + 1}  {page.name:24}{figures}")
        return {name: row | _medians(row["rounds"]) for name, row in found.items()}

    def _look_at(self, page: Page) -> dict:
        """Return what the page costs in statements and bytes once the caches are warm."""
        answers = [self._ask(page) for _ in range(6)]  # so that each worker had its turn
        packed = answers[-1] if page.writes else self._ask(page, Accept_Encoding="gzip")
        counts = [answer.headers.get("x-benchmark-statements") for answer in answers]
        return {
            "statements": None if page.server == "bare" else min(map(int, counts)),
            "bytes": len(answers[-1].body),
            "transferred": len(packed.body),
        }

    def _ask(self, page: Page, **headers: str) -> Answer:
        server = self.servers[page.server]
        request = page.request(server).filled_in(0, str(uuid4()))
        answer = Visitor(server.port).ask(
            urlsplit(request.url)._replace(scheme="", netloc="").geturl(),
            method="POST" if page.writes else "GET",
            body=request.body,
            **{**request.headers, "X-Benchmark-Count": "1", **headers},
        )
        if answer.status != page.status:
            raise RuntimeError(f"{page.name}: {answer.status} instead of {page.status}")
        return answer

    def _round(self, page: Page) -> dict:
        server = self.servers[page.server]
        time.sleep(_PAUSE)
        before = server.cpu()
        result = load(page.request(server), self._seconds)
        cpu = 1000 * (server.cpu() - before) / max(1, result.requests)
        return {**asdict(result), "cpu": cpu}

    def _check_what_was_written(self, found: dict) -> None:
        """Raise RuntimeError if fewer rows were added than requests were answered."""
        for name, rows in self._dataset.cast("--written").items():
            answered = sum(
                row["requests"] - row["errors"]
                for page in found
                if page.startswith(name)  # comments are one sort of row, hot or not
                for row in found[page]["rounds"]
            )
            if rows < answered:
                raise RuntimeError(f"{name}: {answered} answers, but {rows} rows")

    def _memory_of_many(self, pages: list[Page]) -> dict[str, float]:
        """Return what one worker holds while it answers 10,000 mixed requests."""
        pages = [page for page in pages if page.server == "site"]
        if not pages:  # only others were asked for
            return {}
        arguments = (*self._gunicorn, "--workers", "1", "--max-requests", "0")
        held = {}
        with self._serve("site", "{}", arguments) as server, ThreadPoolExecutor(4) as pool:
            self._ready_after.append(server.ready_after)
            requests = [page.request(server) for page in pages]
            for number in range(1, 5):
                mixed = (requests[n % len(requests)] for n in range(_MIXED // 4))
                list(pool.map(ask_once, mixed))
                held[f"{number * _MIXED // 4} requests"] = server.memory()
        return held

    def _serve(self, name: str, settings: str, arguments=None):
        application = "benchmarks.bare:app" if name == "bare" else "benchmarks.site:app"
        environment = self._dataset.environment | {"BENCHMARK_SETTINGS": settings}
        for own in ("FLASKY_BASE_URL", "FLASKY_QUEUE_FILE"):
            del environment[own]
        arguments = self._gunicorn if arguments is None else arguments
        return serve(application, log_file(name), arguments, **environment)


def _with_limits(pages: list[Page]) -> Iterator[Page]:
    """Yield the pages in turn; in front of one that is judged by a limit, that one first.

    The machine may be a third slower a minute later.
    """
    limits, judged = {limit.name: limit for limit in LIMITS}, {page for page, *_ in SHARES}
    known = set()
    for page in pages:
        name = limit_of(page.name)
        if page.name in judged or name not in known:
            yield limits[name]
        known.add(name)
        yield page


def _medians(rounds: list[dict]) -> dict:
    figures = {
        name: median(row[name] for row in rounds) for name in ("per_second", "p50", "p99", "cpu")
    }
    return figures | {"errors": sum(row["errors"] for row in rounds)}
