"""How fast is Flasky, how fast could it be, and has it become slower?

./boot.sh benchmark --size S
./boot.sh benchmark --size L --database postgresql://... --pages home --pages home-in
"""

import shlex

import click

from benchmarks.dataset import FOLDER, SIZES, Dataset
from benchmarks.goals import goals
from benchmarks.load import client
from benchmarks.measuring import Run
from benchmarks.plots import draw
from benchmarks.report import as_text, goal_rows, rows, write_document, write_tables
from benchmarks.results import (
    ELSEWHERE,
    all_results,
    by_database,
    circumstances,
    kind_of,
    path_of,
    read,
    save,
    slower,
)

_AUTOGROUPS = (
    "Sessions share the cores here (sysctl kernel.sched_autogroup_enabled), each connection to"
    " PostgreSQL as one of them. Single requests may wait for seconds: see docs/performance.md."
)


@click.command(help=__doc__.partition("\n")[0])
@click.option("--size", type=click.Choice(list(SIZES)), default="S", show_default=True)
@click.option("--database", help="URL of a database for this alone; otherwise a file is made.")
@click.option("--pages", multiple=True, help="Only this page; may be given several times.")
@click.option("--rounds", type=click.IntRange(1, 20), default=3, show_default=True)
@click.option("--seconds", type=click.FloatRange(1, 60), default=5, show_default=True)
@click.option("--gunicorn", default="", help="Further arguments, for all servers alike.")
@click.option("--keep/--no-keep", default=True, help="Keep the result in benchmarks/results/.")
def main(size, database, pages, rounds, seconds, gunicorn, keep):
    dataset = Dataset(size, database)
    facts = dataset.prepare()
    where = circumstances(client())
    if where["machine"]["autogroups"]:
        click.echo(_AUTOGROUPS)
    run = Run(
        dataset,
        facts,
        wanted=set(pages),
        rounds=rounds,
        seconds=seconds,
        gunicorn=tuple(shlex.split(gunicorn)),
    )
    try:
        result = run.measure(click.echo)
    finally:
        dataset.cast("--tidy")
    result |= where | {"database": dataset.name, "size": size, "rounds": rounds}
    result |= {"seconds": seconds, "gunicorn": gunicorn}
    _tell(result)
    if keep and not pages:
        _keep(result)


def _tell(result: dict) -> None:
    last = read(path_of(result))
    small = read(path_of({**result, "size": "S"})) if result["size"] != "S" else None
    judged = goal_rows(goals(result, small))
    click.echo(f"\n{as_text(rows(result))}\n\n{as_text(judged)}\n")
    if last:
        for sentence in slower(result, last) or ["No page has become slower since the last run."]:
            click.echo(sentence)


def _keep(result: dict) -> None:
    path, kind = save(result), kind_of(result)
    kept = all_results()
    write_tables(kept, path.parent)
    write_document(kept, all_results(ELSEWHERE))
    picture, page = path.with_name(f"{kind}.png"), FOLDER / f"{kind}.html"
    draw(by_database(kept)[kind], picture, page)
    for made in (path, path.with_suffix(".md"), picture, page):
        click.echo(f"Wrote {made}")


if __name__ == "__main__":
    main(prog_name="benchmark")
