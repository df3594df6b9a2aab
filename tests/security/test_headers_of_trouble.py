"""Even the answers to trouble carry the headers that protect (security.md 45)."""

from sqlalchemy.exc import OperationalError

from tests.web.page import Page

HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
}


def test_too_many_requests(app, client):
    app.config.update(RATELIMIT_ENABLED=True, FLASKY_LIMIT_LOGIN_SITE="1 per minute")
    form = {"email": "a@example.com", "password": "x"}
    codes = []
    for _ in range(2):
        response = client.post("/auth/login", data=form)
        codes.append(response.status_code)
    assert codes == [200, 429]
    assert set(response.headers.keys()) >= HEADERS


def test_a_broken_database(app, browser_of, ann, failing_statements, caplog):
    browser = browser_of(ann)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    gone = OperationalError("SELECT", {}, Exception("the database is gone"))
    with failing_statements(gone):
        response = browser.get("/")
    assert response.status_code == 500
    assert Page.of(response).title == "Flasky - Internal Server Error"
    assert Page.of(response).heading == "Internal Server Error"
    assert set(response.headers.keys()) >= HEADERS
    assert "no-store" in response.headers["Cache-Control"]
    assert "the database is gone" not in response.text
    assert "Request finalizing failed" not in caplog.text
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


def test_a_host_that_is_not_ours(client):
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert set(response.headers.keys()) >= HEADERS


def test_a_form_without_its_token(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    response = client.post("/auth/login")
    assert response.status_code == 400
    assert set(response.headers.keys()) >= HEADERS
    assert Page.of(response).title == "Flasky - Bad Request"
    response = client.post("/auth/login", headers={"Accept": "application/json"})
    assert (response.status_code, response.json) == (400, {"error": "bad request"})
