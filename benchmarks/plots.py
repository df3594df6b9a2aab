"""Pictures of results: a PNG, and a page of HTML with the same picture and the tables."""

from html import escape
from io import StringIO
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from benchmarks.goals import goals
from benchmarks.report import conditions, goal_rows, growth_rows, rows
from benchmarks.results import beside_smallest

_OURS = {"S": "#9dbce3", "M": "#5f8dc9", "L": "#27558f"}
_LIMITS = {"S": "#c9ced4", "M": "#a8b0b8", "L": "#838d97"}
_TAIL = "#e4e8ec"


def draw(results: list[dict], picture: Path, page: Path) -> None:
    """Draw throughput and times of all pages; `results` are of one database, the smallest first."""
    title = f"Flasky on {results[-1]['database']}, {results[-1]['when']}"
    figure = _figure(results)
    figure.tight_layout()
    drawing = StringIO()
    figure.savefig(drawing, format="svg")  # below the heading of its page
    figure.suptitle(title)
    figure.tight_layout()
    figure.savefig(picture, dpi=80, metadata={"Software": None})
    plt.close(figure)
    page.write_text(_page(title, drawing.getvalue(), results))


def _figure(results: list[dict]) -> Figure:
    names = list(reversed(results[-1]["pages"]))
    figure, (speed, times) = plt.subplots(1, 2, figsize=(12, 2 + 0.4 * len(names)), sharey=True)
    height = 0.8 / len(results)  # of a bar: the sizes of a page lie below one another
    for number, result in enumerate(results):
        pages, size = result["pages"], result["size"]
        shown = [name for name in names if name in pages]
        places = [names.index(name) - number * height for name in shown]
        bare = [pages[name]["server"] == "bare" for name in shown]
        colours = [(_LIMITS if is_limit else _OURS)[size] for is_limit in bare]
        for axes, figures, colour in (
            (speed, "per_second", colours),
            (times, "p99", _TAIL),
            (times, "p50", colours),
        ):
            axes.barh(places, [pages[name][figures] for name in shown], height, color=colour)
    speed.set_yticks([row - (len(results) - 1) * height / 2 for row in range(len(names))], names)
    speed.set_xlabel("requests a second")
    times.set_xscale("log")
    times.set_xlabel("milliseconds: median, and behind it the 99th percentile")
    speed.xaxis.set_major_formatter("{x:,.0f}")
    times.xaxis.set_major_formatter("{x:g}")
    for axes in (speed, times):
        axes.grid(axis="x", alpha=0.3)
        axes.set_axisbelow(True)
        axes.margins(y=0.01)
        axes.spines[["top", "right"]].set_visible(False)
    sizes = [result["size"] for result in results]
    keys = [Patch(color=_OURS[size], label=f"Flasky, size {size}") for size in sizes]
    keys += [Patch(color=_LIMITS[size], label=f"bare, size {size}") for size in sizes]
    speed.legend(handles=keys, loc="lower right", frameon=False)
    return figure


def _page(title: str, drawing: str, results: list[dict]) -> str:
    drawing = drawing[drawing.index("<svg") :]  # without the head of a file of its own
    parts = [_part(result, smaller) for result, smaller in beside_smallest(results)]
    if len(results) > 1:
        parts.append(f"<h2>Growth</h2>{_table(growth_rows(results))}")
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="viewport" content="width=device-width">
<style>body {{ font: 14px system-ui; margin: 2em }} svg {{ max-width: 100%; height: auto }}
div {{ overflow-x: auto }} p {{ max-width: 70ch }}
td, th {{ padding: .2em .8em; text-align: right; white-space: nowrap }}
:is(td, th):first-child {{ text-align: left }}</style>
<h1>{escape(title)}</h1>
{drawing}
{"".join(parts)}
</html>
"""


def _part(result: dict, smaller: dict | None) -> str:
    tables = _table(rows(result)) + _table(goal_rows(goals(result, smaller)))
    return f"<h2>Size {result['size']}</h2><p>{escape(conditions(result))}</p>{tables}"


def _table(table: list[list[str]]) -> str:
    head, *body = table
    lines = [_row(head, "th"), *(_row(row, "td") for row in body)]
    return f"<div><table>{''.join(lines)}</table></div>"


def _row(cells: list[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
