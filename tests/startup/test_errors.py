"""What people and programs get when something cannot be done."""

from contextlib import ExitStack

import pytest

HTML, JSON = "text/html; charset=utf-8", "application/json"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, HTML),
        ("*/*", HTML),
        ("text/plain", HTML),
        ("text/html", HTML),
        ("application/json", JSON),
        ("application/json, text/html", HTML),
        ("application/json, text/html;q=0.1", HTML),
        ("application/json;q=0.1", JSON),
    ],
)
def test_json_goes_to_those_who_take_json_and_no_html(client, accept, kind):
    response = client.get("/nothing-here", headers={"Accept": accept} if accept else {})
    assert response.status_code == 404
    assert response.content_type == kind


def test_the_json_names_the_error(client, ann, browser_of):
    as_json = {"Accept": "application/json"}
    assert client.get("/nothing-here", headers=as_json).json == {"error": "not found"}
    refused = browser_of(ann).get("/moderate", headers=as_json)
    assert refused.status_code == 403
    assert refused.json == {"error": "forbidden"}


@pytest.mark.parametrize(
    ("address", "method", "code", "title", "heading"),
    [
        ("/nothing-here", "GET", 404, "Page Not Found", "Not Found"),
        ("/", "POST", 403, "Forbidden", "Forbidden"),
        ("/", "PUT", 405, "Method Not Allowed", "Method Not Allowed"),
        ("/?page=%00", "GET", 400, "Bad Request", "Bad Request"),
    ],
)
def test_each_error_has_a_page_that_says_what_happened(
    client, address, method, code, title, heading
):
    response = client.open(address, method=method)
    assert response.status_code == code
    assert f"<title>Flasky - {title}</title>" in response.text
    assert heading in response.text


def test_a_method_that_is_not_allowed_names_those_that_are(client):
    assert "GET" in client.put("/").headers["Allow"]


def test_a_body_that_is_too_large_is_refused_with_advice(app, client):
    response = client.post("/auth/login", data={"email": "x" * app.config["MAX_CONTENT_LENGTH"]})
    assert response.status_code == 413
    assert "shorter" in response.text


@pytest.fixture
def broken_database(app, failing_statements):
    """Let every statement fail from now on, as when the database is gone."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    with ExitStack() as stack:
        yield lambda: stack.enter_context(failing_statements(ConnectionError("it is gone")))


def test_a_fault_of_ours_gets_a_page_of_its_own(client, broken_database):
    broken_database()
    response = client.get("/")
    assert response.status_code == 500
    assert "<title>Flasky - Internal Server Error</title>" in response.text
    assert "Content-Security-Policy" in response.headers


def test_the_page_of_a_fault_does_not_ask_who_is_here(browser_of, ann, broken_database):
    browser = browser_of(ann)
    broken_database()
    assert "Internal Server Error" in browser.get("/").text


def test_a_program_gets_the_fault_as_json(client, broken_database):
    broken_database()
    response = client.get("/", headers={"Accept": "application/json"})
    assert response.status_code == 500
    assert response.json == {"error": "internal server error"}


def test_a_fault_is_logged_and_the_mistake_of_a_client_is_not(client, broken_database, caplog):
    client.get("/nothing-here")
    client.put("/")
    assert caplog.records == []
    broken_database()
    client.get("/")
    assert [record.levelname for record in caplog.records] == ["ERROR"]
