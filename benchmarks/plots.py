"""Pictures of results: a PNG, and a page of HTML with the same picture and the tables."""

from html import escape
from io import StringIO
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

from benchmarks.goals import goals
from benchmarks.report import goal_rows, rows

_LIMIT, _OURS = "#9aa3ad", "#3566a8"


def draw(result: dict, path: Path) -> list[Path]:
    """Draw throughput and times of all pages to `path`.png and `path`.html; return both."""
    pages = result["pages"]
    names = list(reversed(pages))
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 1.5 + 0.3 * len(names)), sharey=True)
    colours = [_LIMIT if pages[name]["server"] == "bare" else _OURS for name in names]
    left.barh(names, [pages[name]["per_second"] for name in names], color=colours)
    left.set_xscale("log")
    left.set_xlabel("requests a second")
    right.barh(names, [pages[name]["p99"] for name in names], color="#d8dde3", label="p99")
    right.barh(names, [pages[name]["p50"] for name in names], color=colours, label="p50")
    right.set_xscale("log")
    right.set_xlabel("milliseconds: median, and 99th percentile in light grey")
    for axes in (left, right):
        axes.grid(axis="x", alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    title = f"Flasky on {result['database']}, size {result['size']}, {result['when']}"
    figure.suptitle(title)
    figure.tight_layout()
    picture, page = path.with_suffix(".png"), path.with_suffix(".html")
    figure.savefig(picture, dpi=110)
    drawing = StringIO()
    figure.savefig(drawing, format="svg")
    plt.close(figure)
    page.write_text(_page(title, drawing.getvalue(), result))
    return [picture, page]


def _page(title: str, drawing: str, result: dict) -> str:
    drawing = drawing[drawing.index("<svg") :]  # without the head of a file of its own
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>
<style>body {{ font: 14px system-ui; margin: 2em }} svg {{ max-width: 100%; height: auto }}
td, th {{ padding: .2em .8em; text-align: right }} td:first-child {{ text-align: left }}</style>
<h1>{escape(title)}</h1>
{drawing}
{_table(rows(result))}
{_table(goal_rows(goals(result)))}
</html>
"""


def _table(table: list[list[str]]) -> str:
    head, *body = table
    lines = [_row(head, "th"), *(_row(row, "td") for row in body)]
    return f"<table>{''.join(lines)}</table>"


def _row(cells: list[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
