"""The pictures of results, which the documents show."""

from benchmarks import report
from benchmarks.plots import draw
from tests.benchmarks.runs import bare, page, result

CONDITIONS = {
    "when": "2026-11-27 12:00 UTC",
    "versions": {"Python": "3.11"},
    "client": "wrk",
    "machine": {"cores": 2, "processor": "<any>", "memory": "4 GB", "autogroups": False},
    "rounds": 1,
    "seconds": 5,
}


def run(size="S", **pages):
    return result(size, home=page(900), insert=bare(400), **pages) | CONDITIONS


def test_all_sizes_are_in_one_picture_and_their_figures_below(tmp_path):
    picture, document = tmp_path / "sqlite.png", tmp_path / "sqlite.html"
    draw([run(), run("L", **{"home-40000": page(800)})], picture, document)
    assert picture.read_bytes().startswith(b"\x89PNG")
    html = document.read_text()
    assert html.index("<svg") < html.index("Size S") < html.index("Size L") < html.index("Growth")
    assert "<td>home-40000</td>" in html
    assert "&lt;any&gt;" in html
    assert "home: median, growth from S" in html


def test_a_run_of_one_size_has_a_picture_too(tmp_path):
    picture, document = tmp_path / "sqlite.png", tmp_path / "sqlite.html"
    draw([run("M")], picture, document)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "Growth" not in document.read_text()


def test_the_document_shows_the_pictures_and_keeps_what_stands_around_the_results(
    tmp_path, monkeypatch
):
    document = tmp_path / "performance.md"
    document.write_text(
        "Before.\n\n<!-- results: written by ./boot.sh benchmark -->\nlast time\n"
        "<!-- end of results -->\n\nAfter.\n"
    )
    monkeypatch.setattr(report, "DOCUMENT", document)
    report.write_document([run(), run("L")], [run("M")])
    text = document.read_text()
    assert text.startswith("Before.\n")
    assert text.endswith("\nAfter.\n")
    assert "last time" not in text
    (picture,) = [line for line in text.splitlines() if line.startswith("![")]
    assert picture.endswith("(../benchmarks/results/sqlite.png)")
    assert "### SQLite 3.45, size L\n" in text
    assert "### SQLite 3.45, size S\n" not in text
    assert "[SQLite 3.45, S](../benchmarks/results/sqlite-S.md)" in text
    assert "On another machine: [SQLite 3.45, M](../benchmarks/results/another-machine/" in text
    report.write_document([run(), run("L")], [run("M")])
    assert document.read_text() == text


def test_the_tables_of_each_run_lie_beside_its_json(tmp_path):
    report.write_tables([run(), run("L")], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sqlite-L.md", "sqlite-S.md"]
    text = (tmp_path / "sqlite-L.md").read_text()
    assert text.startswith("# Flasky on SQLite 3.45, size L\n")
    assert "| home: median, growth from S | 1.00 | ≤ 1.2 | met |" in text
    assert "growth from S" not in (tmp_path / "sqlite-S.md").read_text()
