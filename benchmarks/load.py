"""Asking for one page again and again: by wrk where it is installed, else by urllib3."""

import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from urllib.parse import urljoin

import urllib3

CONNECTIONS = 8
_UNITS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}
_POOL = urllib3.PoolManager(maxsize=CONNECTIONS)

# Each thread of wrk runs a script of its own; the number of the thread keeps the marks apart.
_SCRIPT = """
local cookies, tokens, paths = {{cookies}}, {{tokens}}, {{paths}}
local threads, sent = 0, 0
function setup(thread) thread:set("id", threads); threads = threads + 1 end
function request()
  sent = sent + 1
  local mark = string.format("%s-%04x-4000-8000-%012x", "{run}", id, sent)
  local body = string.gsub([[{body}]], "{submission}", mark)
  local path = nil
  if #cookies > 0 then
    local who = (sent + id * {apart}) % #cookies + 1
    wrk.headers["Cookie"] = cookies[who]
    body = string.gsub(body, "{token}", tokens[who])
    path = paths[who]
  end
  return wrk.format("POST", path, nil, body)
end
"""


@dataclass(frozen=True)
class Sender:
    """Somebody who sends a form: their cookies, the token of their form, and where to."""

    cookie: str
    token: str
    path: str


@dataclass(frozen=True)
class Request:
    """What is asked for, and by whom; `senders` of a form take turns.

    `body` may hold {submission}, which is different every time, and the {token} of whoever sends.
    """

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    senders: tuple[Sender, ...] = ()

    def filled_in(self, number: int, mark: str) -> "Request":
        """Return the request as the sender with that number sends it, with `mark`."""
        url, headers = self.url, self.headers
        body = self.body and self.body.replace("{submission}", mark)
        if self.senders:
            sender = self.senders[number % len(self.senders)]
            url, headers = urljoin(url, sender.path), {**headers, "Cookie": sender.cookie}
            body = body and body.replace("{token}", sender.token)
        return Request(url, headers, body)


@dataclass(frozen=True)
class Measurement:
    per_second: float
    p50: float  # milliseconds
    p99: float
    requests: int
    errors: int  # answers of 4xx and 5xx, and connections that broke


def client() -> str:
    """Return the name of the program that asks."""
    return "wrk" if shutil.which("wrk") else "urllib3"


def load(request: Request, seconds: float) -> Measurement:
    """Ask for `request` over 8 connections for so long."""
    return (_wrk if client() == "wrk" else _threads)(request, seconds)


def _wrk(request: Request, seconds: float) -> Measurement:
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--latency"]
    command += ["--timeout", "30s"]
    for name, value in request.headers.items():
        command += ["-H", f"{name}: {value}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if request.body is not None:
            Path(script.name).write_text(_script(request))
            command += ["-s", script.name]
        done = subprocess.run([*command, request.url], capture_output=True, text=True, check=True)
    return parse_wrk(done.stdout)


def _script(request: Request) -> str:
    """Return what makes wrk send the form; no text in it may hold ]]."""
    parts = {
        "run": token_hex(4),
        "apart": str(CONNECTIONS // 2),  # wrk's threads do not begin with the same sender
        "cookies": ", ".join(f"[[{sender.cookie}]]" for sender in request.senders),
        "tokens": ", ".join(f"[[{sender.token}]]" for sender in request.senders),
        "paths": ", ".join(f"[[{sender.path}]]" for sender in request.senders),
        "body": request.body or "",
    }
    script = _SCRIPT
    for name, text in parts.items():
        script = script.replace(f"{{{name}}}", text)
    return script


def parse_wrk(text: str) -> Measurement:
    """Return what a report of `wrk --latency` says. Raises ValueError if it is none."""
    total = re.search(r"(\d+) requests in", text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if not (total and rate):
        raise ValueError(f"This is no report of wrk: {text!r}")
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: (.+)", text)
    errors = int(refused[1]) if refused else 0
    errors += sum(map(int, re.findall(r"\d+", broken[1]))) if broken else 0
    return Measurement(
        per_second=float(rate[1]),
        p50=_percentile(text, 50),
        p99=_percentile(text, 99),
        requests=int(total[1]),
        errors=errors,
    )


def _percentile(text: str, which: int) -> float:
    found = re.search(rf"^\s+{which}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
    if not found:
        raise ValueError(f"No {which}th percentile in {text!r}")
    return float(found[1]) * _UNITS[found[2]]


def _threads(request: Request, seconds: float) -> Measurement:
    """Ask by threads of our own, which share one core with us: figures are lower than wrk's."""
    deadline, run = time.monotonic() + seconds, token_hex(4)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        results = pool.map(
            lambda number: _ask(request, deadline, number, f"{run}-{number:04x}"),
            range(CONNECTIONS),
        )
        times, errors = zip(*results, strict=True)
    return summarize([time for some in times for time in some], sum(errors), seconds)


def summarize(times: list[float], errors: int, seconds: float) -> Measurement:
    """Return the figures for requests that took `times` seconds each."""
    ordered = sorted(times)
    p50, p99 = (1000 * ordered[min(len(ordered) - 1, len(ordered) * n // 100)] for n in (50, 99))
    return Measurement(len(ordered) / seconds, p50, p99, len(ordered), errors)


def _ask(request: Request, deadline: float, number: int, mark: str) -> tuple[list[float], int]:
    times, errors = [], 0
    method = "GET" if request.body is None else "POST"
    with urllib3.PoolManager(maxsize=1, retries=False) as http:
        while (start := time.monotonic()) < deadline or not times:  # once, however late
            now = request.filled_in(number, f"{mark}-4000-8000-{len(times):012x}")
            try:
                status = http.request(
                    method, now.url, headers=now.headers, body=now.body, redirect=False
                ).status
            except urllib3.exceptions.HTTPError:
                status = 599
            errors += status >= 400
            times.append(time.monotonic() - start)
    return times, errors


def ask_once(request: Request) -> None:
    """Ask for a page. Raises RuntimeError if the answer is an error."""
    status = _POOL.request("GET", request.url, headers=request.headers, redirect=False).status
    if status >= 400:
        raise RuntimeError(f"{request.url} answered {status}")
