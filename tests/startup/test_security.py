"""Headers, hosts, proxies and https."""

import pytest

HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
}


def _answers(client):
    etag = client.get("/site.css").headers["ETag"]
    yield 200, client.get("/")
    yield 302, client.get("/edit-profile")
    yield 304, client.get("/site.css", headers={"If-None-Match": etag})
    yield 400, client.get("/?page=%00")
    yield 403, client.post("/")
    yield 404, client.get("/nothing-here")
    yield 405, client.put("/")
    yield 413, client.post("/auth/login", data={"email": "x" * 2_000_000})
    yield 200, client.get("/static/favicon.svg", buffered=True)


def test_every_answer_carries_the_protecting_headers(client):
    for code, response in _answers(client):
        assert response.status_code == code
        assert set(response.headers.keys()) >= HEADERS


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_gravatar_is_allowed_only_where_it_is_used(make_app):
    client = make_app(FLASKY_AVATARS="gravatar").test_client()
    policy = client.get("/appearance").headers["Content-Security-Policy"]
    assert "img-src 'self' https://secure.gravatar.com;" in policy


@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "127.0.0.1:5000"])
def test_loopback_names_are_always_answered(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "blog.example.org"])
def test_a_name_that_is_not_ours_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_the_names_in_the_settings_are_answered(make_app):
    app = make_app(
        FLASKY_BASE_URL="https://blog.example.org",
        FLASKY_ALLOWED_HOSTS="www.example.org",
        SERVER_NAME=None,
    )
    for host in ("blog.example.org", "www.example.org"):
        assert app.test_client().get("/appearance", headers={"Host": host}).status_code == 200


def test_headers_of_a_proxy_are_ignored_without_one(client):
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    response = client.get("/edit-profile", headers=headers)
    assert "evil.example" not in response.location
    assert "Strict-Transport-Security" not in response.headers


def test_headers_of_as_many_proxies_as_there_are_are_believed(make_app):
    client = make_app(FLASKY_PROXY_HOPS=1).test_client()
    response = client.get("/appearance", headers={"X-Forwarded-Proto": "https"})
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_plain_http_is_redirected_where_that_is_asked_for(make_app):
    client = make_app(SSL_REDIRECT=True).test_client()
    response = client.get("/user/ann?page=2")
    assert response.status_code == 302
    assert response.location == "https://localhost/user/ann?page=2"


def test_over_https_cookies_belong_to_this_host_alone(make_app):
    app = make_app(FLASKY_BASE_URL="https://localhost", WTF_CSRF_ENABLED=True)
    response = app.test_client().get("/auth/login", base_url="https://localhost")
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_a_form_of_another_site_is_refused(browser_of, ann, headers):
    response = browser_of(ann).post("/", data={"body": "not mine"}, headers=headers)
    assert response.status_code == 403
    assert ann.post_count == 0


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}]
)
def test_a_form_of_our_own_is_accepted(browser_of, ann, headers):
    assert browser_of(ann).post("/", data={"body": "mine"}, headers=headers).status_code == 302
    assert ann.post_count == 1


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://blog.example.org", 302),  # what the browser shows
        ("http://localhost", 302),  # what the proxy asks for
        ("https://blog.example.org.evil.example", 403),
        ("https://evil.example", 403),
    ],
)
def test_a_proxy_may_ask_for_us_by_another_name(app, browser_of, ann, origin, status):
    browser = browser_of(ann)
    app.config["FLASKY_BASE_URL"] = "https://blog.example.org"
    response = browser.post("/", data={"body": "mine"}, headers={"Origin": origin})
    assert response.status_code == status


def test_pages_for_one_person_are_kept_by_nobody(browser_of, ann):
    caching = browser_of(ann).get("/").headers["Cache-Control"]
    assert "private" in caching
    assert "no-store" in caching


def test_a_stranger_gets_no_cookie(client, make_post):
    post = make_post()
    for address in ("/", f"/post/{post.id}", f"/user/{post.author.username}", "/nothing-here"):
        response = client.get(address)
        assert "Set-Cookie" not in response.headers, address


@pytest.mark.parametrize("address", ["/?page=%00", "/%00", "/user/a%00b", "/?next=a%00b"])
def test_a_nul_is_refused(client, address):
    assert client.get(address).status_code in (400, 404)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_that_no_database_holds_is_not_found(client, number):
    assert client.get(f"/post/{number}").status_code == 404


def test_a_page_with_a_token_in_its_address_tells_nobody(client):
    response = client.get("/auth/reset/some-token")
    assert response.headers["Referrer-Policy"] == "no-referrer"
