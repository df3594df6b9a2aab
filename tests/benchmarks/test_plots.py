"""The pictures of results, which the documents show."""

from benchmarks import report
from benchmarks.plots import draw
from tests.benchmarks.test_goals import bare, page, result

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
    assert text.index("size S\n") < text.index("size L\n") < text.index("size M, on another")
    report.write_document([run(), run("L")], [run("M")])
    assert document.read_text() == text
