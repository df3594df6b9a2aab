"""Over https: cookies that belong to this host alone, and no way back to http (K16; 24, 45)."""

import pytest

from app.extensions import db
from app.models import Post, User
from tests.web.page import Page, fields_of

SITE = "https://blog.example.org"


@pytest.fixture
def app(app_with):
    """The site as real people reach it: over https, with CSRF tokens."""
    return app_with(FLASKY_BASE_URL=SITE, WTF_CSRF_ENABLED=True)


@pytest.fixture
def ann(app):
    user = User(email="ann@example.com", username="ann", password="cat", confirmed=True)
    db.session.add(user)
    db.session.commit()
    return user


class Visitor:
    """A browser over https that never says which page it came from."""

    def __init__(self, app):
        self.client = app.test_client()
        self.cookies = []

    def get(self, path):
        return self._ask("get", path)

    def send(self, path, button, **fields):
        form = Page.of(self.get(path)).form(button)
        data = {**fields_of(form), **fields}
        action = form.get("action") or path
        return self._ask("post", action, data=data, headers={"Origin": SITE})

    def _ask(self, method, path, **kwargs):
        response = getattr(self.client, method)(path, base_url=SITE, **kwargs)
        self.cookies += response.headers.getlist("Set-Cookie")
        return response


@pytest.fixture
def visitor(app):
    return Visitor(app)


def test_every_cookie_is_secure_and_all_secrets_are_tied_to_the_host(visitor, ann):
    answer = visitor.send("/auth/login", "Log In", email=ann.email, password="cat", remember_me="y")
    assert answer.status_code == 302
    assert visitor.send("/", "Followed").status_code == 302
    visitor.send("/appearance", "Save", theme="dark")
    visitor.send("/appearance", "Save", theme="system")
    visitor.send("/", "Log Out")
    names = set()
    for cookie in visitor.cookies:
        name, attributes = cookie.split("=")[0], set(cookie.split("; "))
        names.add(name)
        assert {"Secure", "Path=/", "SameSite=Lax"} <= attributes, cookie
        assert "HttpOnly" in attributes or name == "theme", cookie  # a script sets that one too
        assert "Domain" not in cookie
        assert len(cookie) < 4096
    secrets = {"__Host-session", "__Host-remember_me", "__Host-device"}
    assert names == secrets | {"show_followed", "theme"}


def test_a_whole_visit_works_without_a_referer(visitor, ann):
    """The page of a mailed link asks browsers to send none, and holds a form all the same."""
    link = f"/auth/reset/{ann.generate_reset_token()}"
    assert visitor.get(link).headers["Referrer-Policy"] == "no-referrer"
    answer = visitor.send(link, "Reset Password", password="dog", password2="dog")
    assert answer.location == "/auth/login"
    visitor.send("/auth/login", "Log In", email=ann.email, password="dog")
    assert visitor.send("/", "Submit", body="Hello").location == "/"
    assert [post.body for post in db.session.query(Post)] == ["Hello"]


def test_remember_me_and_the_known_device_work_under_their_names(visitor, ann):
    visitor.send("/auth/login", "Log In", email=ann.email, password="cat", remember_me="y")
    visitor.client.delete_cookie("__Host-session", domain="blog.example.org")
    assert Page.of(visitor.get("/")).heading == "Hello, ann!"


def test_cookies_without_the_prefix_are_not_read(visitor, ann):
    """A sibling host could plant those; the prefix is what it cannot forge (RFC 6265bis)."""
    visitor.send("/auth/login", "Log In", email=ann.email, password="cat", remember_me="y")
    planted = visitor.client.application.test_client()
    for name in ("session", "remember_me"):
        value = visitor.client.get_cookie(f"__Host-{name}", domain="blog.example.org").value
        planted.set_cookie(name, value, domain="blog.example.org")
    assert Page.of(planted.get("/", base_url=SITE)).heading == "Hello, Stranger!"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/edit-profile", "/static/favicon.svg"])
def test_every_answer_asks_for_https_ever_after(visitor, path):
    with visitor.get(path) as answer:
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_over_plain_http_nothing_is_promised(app):
    with app.test_client().get("/", base_url="http://localhost") as answer:
        assert "Strict-Transport-Security" not in answer.headers


def test_a_foreign_page_is_refused_over_https_too(visitor, ann):
    visitor.send("/auth/login", "Log In", email=ann.email, password="cat")
    form = fields_of(Page.of(visitor.get("/")).form("Submit"))
    for origin in ("http://blog.example.org.evil.example", "https://evil.example", "null."):
        answer = visitor.client.post(
            "/", data={**form, "body": "x"}, base_url=SITE, headers={"Origin": origin}
        )
        assert answer.status_code == 403, origin
    assert db.session.query(Post).count() == 0


def test_the_redirect_to_https_keeps_the_address_and_asks_nobody_else(app_with):
    app = app_with(SSL_REDIRECT=True, FLASKY_BASE_URL=SITE)
    client = app.test_client()
    answer = client.get("/user/ann?page=2&x=%20", base_url="http://blog.example.org")
    assert (answer.status_code, answer.location) == (302, SITE + "/user/ann?page=2&x=%20")
    assert client.get("/", base_url="http://evil.example").status_code == 400
    assert client.get("/", base_url=SITE).status_code == 200


def test_behind_a_proxy_the_redirect_believes_its_word(app_with):
    app = app_with(SSL_REDIRECT=True, FLASKY_BASE_URL=SITE, FLASKY_PROXY_HOPS=1)
    client = app.test_client()
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "blog.example.org"}
    assert client.get("/", headers=headers).status_code == 200
    assert client.get("/", headers={**headers, "X-Forwarded-Host": "evil"}).status_code == 400
