"""Results as JSON: one file for each database and size, which the next run replaces."""

import json
import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.goals import limit_of, relative_median
from benchmarks.servers import PROJECT

FOLDER = PROJECT / "benchmarks" / "results"
ELSEWHERE = FOLDER / "another-machine"  # put there by hand, where the machine makes a difference
SLOWER = 1.15  # a median by so much above the last one is no noise
_PACKAGES = ("Flask", "SQLAlchemy", "gunicorn", "Jinja2", "Werkzeug", "psycopg")


def path_of(result: dict, folder: Path = FOLDER) -> Path:
    return folder / f"{kind_of(result)}-{result['size']}.json"


def kind_of(result: dict) -> str:
    """Return the database of a run without its version: "sqlite"."""
    return result["database"].split()[0].lower()


def save(result: dict, folder: Path = FOLDER) -> Path:
    path = path_of(result, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")
    return path


def read(path: Path) -> dict | None:
    return json.loads(path.read_text()) if path.exists() else None


def all_results(folder: Path = FOLDER) -> list[dict]:
    """Return all results that are kept, by database, the smallest size first."""
    found = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    return sorted(found, key=lambda result: (result["database"], "SML".index(result["size"])))


def by_database(results: list[dict]) -> dict[str, list[dict]]:
    """Return the runs of each kind of database, in the order in which they come."""
    runs = {}
    for result in results:
        runs.setdefault(kind_of(result), []).append(result)
    return runs


def beside_smallest(runs: list[dict]) -> list[tuple[dict, dict | None]]:
    """Return each run of one database with that of size S, which growth is counted from.

    That of size S itself is returned with None, as all are where there is none.
    """
    small = next((run for run in runs if run["size"] == "S"), None)
    return [(run, None if run is small else small) for run in runs]


def circumstances(client: str) -> dict:
    """Return where and with what a run was made; nothing that tells whose machine it was."""
    kilobytes = int(_first(r"MemTotal:\s+(\d+)", "/proc/meminfo"))
    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": {
            "processor": _first(r"model name\s*:\s*(.+)", "/proc/cpuinfo"),
            "cores": os.cpu_count(),
            "memory": f"{kilobytes / 1024**2:.0f} GB",
            "load before": round(os.getloadavg()[0], 1),
            "autogroups": schedules_by_session(),
        },
        "versions": {"Python": platform.python_version()}
        | {name: version(name) for name in _PACKAGES},
        "client": client,
    }


def schedules_by_session() -> bool:
    """Tell whether Linux shares the cores among sessions (man 7 sched: autogroups).

    Each connection to PostgreSQL is a session of its own then.
    """
    try:
        return Path("/proc/sys/kernel/sched_autogroup_enabled").read_text().strip() == "1"
    except FileNotFoundError:
        return False


def _first(pattern: str, path: str) -> str:
    found = re.search(pattern, Path(path).read_text())
    return found[1] if found else "0"


def slower(result: dict, last: dict) -> list[str]:
    """Return a sentence for each page that takes longer, beside its limit, than last time."""
    sentences = []
    for name, page in result["pages"].items():
        if name not in last["pages"] or page["server"] == "bare":
            continue
        now, then = (relative_median(run["pages"], name) for run in (result, last))
        if now > then * SLOWER:
            limit = limit_of(name)
            sentences.append(f"{name}: {now:.1f} times {limit}'s median, {then:.1f} the last time")
    return sentences
