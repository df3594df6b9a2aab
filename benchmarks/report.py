"""Tables of results, for a terminal and for docs/performance.md."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.goals import Goal, goals, growth, ratio
from benchmarks.results import ELSEWHERE, FOLDER, beside_smallest, by_database, path_of
from benchmarks.servers import PROJECT

DOCUMENT = PROJECT / "docs" / "performance.md"
_BEGIN, _END = "<!-- results: written by ./boot.sh benchmark -->\n", "<!-- end of results -->\n"
_AUTOGROUPS = ", the cores shared by sessions (autogroups)"
_HEAD = (
    *("page", "a second", "p50 ms", "p99 ms", "CPU ms", "statements", "kB", "gzip kB"),
    *("of const", "of jinja", "of insert"),
)


def rows(result: dict) -> list[list[str]]:
    """Return the table of pages, its head first."""
    pages = result["pages"]
    table = [list(_HEAD)]
    for name, page in pages.items():
        table.append(
            [
                name + (f" ({page['errors']} errors!)" if page["errors"] else ""),
                f"{page['per_second']:,.0f}",
                f"{page['p50']:.2f}",
                f"{page['p99']:.2f}",
                f"{page['cpu']:.2f}",
                "" if page["statements"] is None else str(page["statements"]),
                f"{page['bytes'] / 1000:.1f}",
                f"{page['transferred'] / 1000:.1f}",
                *(
                    f"{ratio(pages, name, limit):.2f}" if _ran_beside(page, limit) else ""
                    for limit in ("const", "jinja", "insert")
                ),
            ]
        )
    return table


def _ran_beside(page: dict, limit: str) -> bool:
    return limit in page["rounds"][0].get("beside", ())


def goal_rows(judged: list[Goal]) -> list[list[str]]:
    table = [["goal", "reached", "asked for", ""]]
    for goal in judged:
        limit = f"{'≥' if goal.at_least else '≤'} {goal.limit:g}"
        table.append([goal.text, f"{goal.value:.2f}", limit, "met" if goal.met else "NOT MET"])
    return table


def growth_rows(results: list[dict]) -> list[list[str]]:
    """Return the medians of each page at each size; `results` are of one database.

    The growth is that of the median as a multiple of the limit's in the same run.
    """
    sizes = [result["size"] for result in results]
    table = [["page", *(f"{size}, p50 ms" for size in sizes), "growth, beside the limit"]]
    smallest, largest = results[0]["pages"], results[-1]["pages"]
    for name, page in largest.items():
        medians = [result["pages"].get(name, {}).get("p50") for result in results]
        shown = ["" if median is None else f"{median:.2f}" for median in medians]
        grows = name in smallest and page["server"] != "bare"
        grown = f"{growth(largest, smallest, name):.2f}" if grows else ""
        table.append([name, *shown, grown])
    return table


def as_text(table: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        first, *rest = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def as_markdown(table: list[list[str]]) -> str:
    head, *body = table
    rule = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *body))


def section(result: dict, smaller: dict | None) -> str:
    """Return what docs/performance.md says about one run."""
    judged = goals(result, smaller)
    return f"""### {result["database"]}, size {result["size"]}

{conditions(result)}

{as_markdown(rows(result))}

{_verdict(judged)}
"""


def conditions(result: dict) -> str:
    """Return when and on what machine a run was made, and what its workers took."""
    machine, memory = result["machine"], result["memory"]
    cores = f"{machine['cores']} cores ({machine['processor']})"
    held = ", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in memory.items())
    return f"""{result["when"]}; {cores}, {machine["memory"]} of memory;
Python {result["versions"]["Python"]}, {result["client"]}, {result["rounds"]} rounds of
{result["seconds"]:g} s{_AUTOGROUPS if machine.get("autogroups") else ""}. A worker holds: {held}.
Ready after {result["ready"]:.2f} s."""


def _verdict(judged: list[Goal]) -> str:
    missed = [goal for goal in judged if not goal.met]
    if not missed:
        return f"All {len(judged)} goals are met."
    met = len(judged) - len(missed)
    return (
        f"{met} of {len(judged)} goals are met; these are not:\n\n{as_markdown(goal_rows(missed))}"
    )


def write_tables(results: list[dict], folder: Path) -> None:
    """Write the tables of each run, with all of its goals, beside its JSON in `folder`."""
    for runs in by_database(results).values():
        for run, smaller in beside_smallest(runs):
            title = f"# Flasky on {run['database']}, size {run['size']}"
            judged = as_markdown(goal_rows(goals(run, smaller)))
            parts = (title, conditions(run), as_markdown(rows(run)), judged)
            path_of(run, folder).with_suffix(".md").write_text("\n\n".join(parts) + "\n")


def write_document(results: list[dict], elsewhere: list[dict]) -> None:
    """Replace the results in docs/performance.md; `elsewhere` are those of another machine.

    Of each database it shows the largest size and the growth; write_tables() has the rest.
    """
    before, _, rest = DOCUMENT.read_text().partition(_BEGIN)
    _, _, after = rest.partition(_END)
    links = f"All tables, goal by goal: {_links(results, FOLDER)}."
    if elsewhere:
        links += f" On another machine: {_links(elsewhere, ELSEWHERE)}."
    parts = [before + _BEGIN, links + "\n", *_sections(results), _END + after]
    DOCUMENT.write_text("\n".join(parts))


def _links(results: list[dict], folder: Path) -> str:
    return ", ".join(
        f"[{run['database']}, {run['size']}]({_address(path_of(run, folder), '.md')})"
        for run in results
    )


def _sections(results: list[dict]) -> Iterator[str]:
    for kind, runs in by_database(results).items():
        largest, smaller = beside_smallest(runs)[-1]
        yield section(largest, smaller)
        words = f"Requests a second and milliseconds of each page on {largest['database']}"
        picture = _address(FOLDER / kind, ".png")
        yield f"![{words}: the figures are in the tables]({picture})\n"
        if len(runs) > 1:
            yield f"### {largest['database']}: growth\n\n{as_markdown(growth_rows(runs))}\n"


def _address(path: Path, suffix: str) -> Path:
    """Return where a file lies as DOCUMENT sees it."""
    return Path("..") / path.with_suffix(suffix).relative_to(PROJECT)
