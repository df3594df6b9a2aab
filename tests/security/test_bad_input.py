"""Hostile text in every field, key and address: an answer below 500, and no trace in the log."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import create_app
from app.extensions import db
from app.models import Comment, Post, User
from tests.security.site import addresses

_MAP = create_app("testing")
SENT = [a for a in addresses(_MAP, method="POST") if "token" not in a.rule.arguments]

FIELDS = [
    "email", "username", "password", "password2", "old_password", "remember_me", "body",
    "submission", "name", "location", "about_me", "role", "confirmed", "theme", "submit", "preview",
    "kept-body", "kept-", "csrf_token",
]  # fmt: skip

TEXTS = {
    "NUL": "a\0b",
    "control characters": "\x01\x08\x0b\x1b[31m\x7f",
    "right-to-left override": "\u202egnp.exe\u202c \u2066x",
    "zero width": "a\u200b\u200d\ufeffb",
    "combining": "Z" + "\u0351" * 500,
    "emoji": "👩\u200d👩\u200d👧\u200d👧" * 10,
    "not a character": "\ufffe\uffff\U0010ffff",
    "line breaks": "a\r\nb\u2028c\u0085d",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=x>{{7*7}}{% x %}%s%n${x}",
    "SQL": "' OR 1=1; DROP TABLE users; --",
    "path": "../../../../etc/passwd",
    "number": "99999999999999999999999",
    "negative": "-1",
    "float": "1e309",
    "long": "x" * 300_000,
    "lines": "\n" * 10_000,
    "brackets": "[" * 20_000,
}


@pytest.fixture(autouse=True)
def no_fault_in_the_log(caplog):
    """Whatever a client sends is no fault of ours, and must not look like one."""
    yield
    faults = [r for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info]
    assert faults == []


def safely(response, *where):
    assert response.status_code < 500, where
    return response


@pytest.fixture
def actors(request, client, browser_of, ann, administrator):
    """Two browsers that may do much, and one that may do little; signed in anew when needed."""
    return {
        "stranger": lambda: client,
        "user": lambda: browser_of(ann),
        "administrator": lambda: browser_of(administrator),
    }


@pytest.mark.parametrize("actor", ["stranger", "user", "administrator"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_in_every_field_of_every_form(actors, world, actor, text):
    browser = actors[actor]()
    for address in SENT:
        if address.endpoint in ("auth.logout", "auth.delete_account", "auth.end_session"):
            continue
        safely(browser.post(address.path(**world), data=dict.fromkeys(FIELDS, text)), address)


@pytest.mark.parametrize("field", ["name", "location", "about_me", "body"])
def test_no_field_stores_a_nul(browser_of, ann, make_post, field):
    post = make_post("kept", author=ann)
    browser = browser_of(ann)
    for path in ("/edit-profile", "/", f"/post/{post.id}", f"/edit/{post.id}"):
        response = browser.post(path, data={"body": "ok", field: "a\0b"})
        if field in response.text:
            assert response.status_code in (200, 302)
    for column in (User.name, User.location, User.about_me, Post.body, Comment.body):
        for (value,) in db.session.query(column):
            assert "\0" not in (value or "")


def test_a_nul_is_named_as_the_trouble_and_the_rest_is_kept(browser_of, ann):
    response = browser_of(ann).post("/edit-profile", data={"name": "a\0b", "location": "Rome"})
    assert response.status_code == 200
    assert "Please remove the invisible control characters." in response.text
    assert 'value="Rome"' in response.text


def test_text_from_right_to_left_and_with_joiners_is_published_as_it_is(browser_of, ann):
    texts = ["שלום עולם", "می\u200cخواهم", "👩\u200d💻"]
    browser = browser_of(ann)
    for text in texts:
        assert browser.post("/", data={"body": text}).location == "/"
    assert [post.body for post in db.session.query(Post).order_by(Post.id)] == texts


# --- Bodies that are no forms -----------------------------------------------------------------

BODIES = [
    (b"\xff\xfe=\xff&body=\xc3\x28", "application/x-www-form-urlencoded"),
    (b"body=%ED%A0%80&name=%ff%fe&email=%C0%AF", "application/x-www-form-urlencoded"),
    (b"&&&===&=&body", "application/x-www-form-urlencoded"),
    (b"body[]=1&body[a]=2&body=3&body=4", "application/x-www-form-urlencoded"),
    (b'{"body": {"a": [1]}}', "application/json"),
    (b"{", "application/json"),
    (b"null", "application/json"),
    (b"--x\r\n\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\ny\r\n--x--", "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="body"; filename="a"\r\n\r\nfile\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    (b"garbage", "multipart/form-data"),
    (b"garbage", "multipart/form-data; boundary="),
    (b"garbage", "multipart/form-data; boundary=" + "b" * 300),
    (b"\x00" * 100, "application/octet-stream"),
    (b"<a/>", "text/xml"),
    (b"body=x", "text/plain"),
    (b"body=x", ""),
    (b"body=x", "\xff/\xff; charset=\xff"),
    (b"body=x", "application/x-www-form-urlencoded; charset=utf-7"),
]


@pytest.mark.parametrize("actor", ["stranger", "user"])
@pytest.mark.parametrize(("body", "kind"), BODIES)
def test_a_body_that_is_no_form(actors, world, actor, body, kind):
    browser = actors[actor]()
    for address in SENT:
        if address.endpoint in ("auth.logout", "auth.end_session"):
            continue
        safely(browser.post(address.path(**world), data=body, content_type=kind), address)


def test_a_part_without_a_name_is_refused_before_anybody_looks_at_it(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\ny\r\n--x--"
    response = client.post("/", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400


def test_a_body_larger_than_a_megabyte_is_refused_everywhere(browser_of, ann, world):
    browser = browser_of(ann)
    for path in ("/", "/auth/login", "/edit-profile", "/preview", f"/post/{world['post_id']}"):
        response = browser.post(path, data={"body": "x" * (1024 * 1024)})
        assert response.status_code == 413, path
    many = {f"field{number}": "x" for number in range(2000)}
    assert browser.post("/", data=many, content_type="multipart/form-data").status_code == 413


# --- Addresses --------------------------------------------------------------------------------

HEXED = [
    "%00", "%ED%A0%80", "%FF%FE", "%C0%AF", "%E2%80%AE", "%0d%0aSet-Cookie:x=y", "%2e%2e%2f", "..;",
    "%F0%9F%92%A9", "a%20b", "%25", "%", "a" * 5000, "-1", "0", "1.5", "١", "9" * 40, "1%00",
]  # fmt: skip

PATHS = [
    "/user/{}", "/followers/{}", "/followed_by/{}", "/post/{}", "/edit/{}", "/edit-profile/{}",
    "/post/{}/delete", "/comment/{}/delete", "/avatar/{}.svg", "/static/{}", "/static/css/{}",
    "/auth/reset/{}", "/auth/confirm/{}", "/auth/change_email/{}", "/{}", "/auth/{}",
    "/?page={}", "/?as_of={}", "/?{}=1", "/?{}", "/user/author?page={}&as_of={}", "/site.css?v={}",
    "/followers/author?page={}", "/moderate?page={}", "/auth/login?next={}", "/auth/login?next=/{}",
]  # fmt: skip


@pytest.mark.parametrize("actor", ["stranger", "administrator"])
@pytest.mark.parametrize("path", PATHS)
def test_any_text_in_every_address(actors, world, actor, path):
    browser = actors[actor]()
    for text in HEXED:
        address = path.replace("{}", text)
        with browser.get(address) as response:
            safely(response, address)


@pytest.mark.parametrize(
    "path",
    [
        "/follow/{}",
        "/unfollow/{}",
        "/moderate/enable/{}",
        "/moderate/disable/{}?page={}",
        "/auth/sessions/{}/end",
    ],
)
def test_any_text_in_every_address_that_takes_a_form(actors, world, path):
    browser = actors["administrator"]()
    for text in HEXED:
        safely(browser.post(path.replace("{}", text)), text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://["},
        {"Origin": "x" * 5000},
        {"Referer": "http://["},
        {"Accept": "\xff;q=x, a/b/c"},
        {"Accept-Language": "\xff" * 50},
        {"User-Agent": "\xff\x01" * 3000},
        {"Cookie": "session=\xff; theme=\xfe; remember_me=\xfd; device=\xfc; show_followed=\xfb"},
        {"Cookie": "=;;;= x; \x01=\x02; session"},
        {"Content-Length": "0"},
        {"If-None-Match": '"\xff'},
        {"If-Modified-Since": "yesterday"},
        {"Range": "bytes=-9999999999999999999"},
        {"X-Forwarded-For": "\xff, [::1"},
        {"Sec-Fetch-Site": "\xff"},
        {"Authorization": "Basic \xff"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_any_text_in_a_header(client, ann, headers):
    form = {"email": ann.email, "password": "cat"}
    for ask in (
        lambda: client.get("/", headers=headers),
        lambda: client.get("/static/favicon.svg", headers=headers),
        lambda: client.get("/avatar/ann.svg", headers=headers),
        lambda: client.post("/auth/login", data=form, headers=headers),
    ):
        with ask() as response:
            safely(response, headers)


def test_the_device_of_a_session_is_told_from_any_user_agent(client, ann):
    form = {"email": ann.email, "password": "cat"}
    response = client.post("/auth/login", data=form, headers={"User-Agent": "\xff<b>" * 3000})
    assert response.status_code == 302
    assert "<b>" not in client.get("/auth/sessions").text.split("<ul", 1)[1].split("</ul>")[0]


# --- Invented by the machine ------------------------------------------------------------------

texts = st.one_of(
    st.text(max_size=40),
    st.text(
        alphabet="\0\x01\x7f\x85\u2028\u202e\u200b<>&'\"%\\/{}[]()#*_`~!-+ \t\r\n", max_size=60
    ),
    st.sampled_from(["", "1", "-1", "2", "author", "y", "9" * 20, "ann@example.com"]),
)
visits = st.fixed_dictionaries(
    {
        "number": st.integers(0, 10_000),
        "value": texts,
        "method": st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT"]),
        "query": st.dictionaries(
            st.sampled_from(["page", "as_of", "next", "x"]), texts, max_size=3
        ),
        "form": st.dictionaries(st.sampled_from(FIELDS), texts, max_size=6),
    }
)
fuzzing = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,  # the same every time: what it finds should not surprise somebody else
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# Whether the database is ready depends on the database, not on who asks: tests/ops/.
RULES = sorted(
    (rule for rule in _MAP.url_map.iter_rules() if rule.endpoint != "ops.ready"),
    key=lambda rule: rule.rule,
)


def visit(browser, number, value, method, query, form) -> None:
    rule = RULES[number % len(RULES)]
    values = dict.fromkeys(rule.arguments, value or "x")
    if "id" in values:
        values["id"] = number % 4
    if "name" in values:
        values["name"] = values["name"][:64]
    if "size" in values:
        values["size"] = "256"  # of a picture; an address knows no others
    path = rule.build(values)[1]
    with browser.open(path, method=method, query_string=query, data=form) as response:
        safely(response, path, method, query, form)


@fuzzing
@given(what=visits)
def test_whatever_a_stranger_sends(client, world, what):
    visit(client, **what)


@fuzzing
@given(what=visits)
def test_whatever_an_administrator_sends(client, administrator, world, what):
    administrator.confirmed = True  # whatever the form before said
    administrator.start_session()
    with client.session_transaction() as session:
        session["_user_id"] = administrator.get_id()
    visit(client, **what)
