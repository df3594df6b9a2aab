"""Static files under addresses that change with their content."""

import os

import pytest

from app.web.assets import static_url, stylesheet_text, stylesheet_url


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    """A folder of static files with one script and two style sheets."""
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "ORDER").write_text("b.css\na.css\n")
    (tmp_path / "css" / "a.css").write_text(".a {}")
    (tmp_path / "css" / "b.css").write_text(".b {}")
    (tmp_path / "x.js").write_text("one")
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    with app.test_request_context():
        yield tmp_path


def change(path, text) -> None:
    later = path.stat().st_mtime_ns + 10**9
    path.write_text(text)
    os.utime(path, ns=(later, later))


def test_an_address_changes_with_the_file_and_only_with_it(folder):
    first = static_url("x.js")
    assert first.startswith("/static/x.js?v=")
    assert static_url("x.js") == first
    change(folder / "x.js", "one")
    assert static_url("x.js") == first
    change(folder / "x.js", "two")
    assert static_url("x.js") != first


def test_the_style_sheets_are_joined_in_their_order(folder):
    assert stylesheet_text() == ".b {}\n.a {}"


def test_the_address_of_the_style_sheet_changes_with_any_part_of_it(folder):
    first = stylesheet_url()
    change(folder / "css" / "a.css", ".a { top: 0 }")
    assert stylesheet_url() != first
    assert "top" in stylesheet_text()


def test_a_file_that_is_not_there_is_a_fault_of_the_template(folder):
    with pytest.raises(FileNotFoundError):
        static_url("missing.js")
