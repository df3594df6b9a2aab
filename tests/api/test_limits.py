"""How much may be asked for, and by pages of which other sites."""

import pytest

ORIGIN = "https://elsewhere.example"


@pytest.fixture(autouse=True)
def _counted(app):
    app.extensions["counters"].reset()
    app.config["RATELIMIT_ENABLED"] = True
    yield
    app.extensions["counters"].reset()


@pytest.mark.parametrize("kind", ["TOKEN", "ACCOUNT", "ADDRESS"])
def test_who_asks_too_much_has_to_wait(app, program_of, ann, stranger, kind):
    app.config[f"FLASKY_LIMIT_API_{kind}"] = "3 per minute"
    token = ann.make_token("t", ["read"])[1]
    program = stranger if kind == "ADDRESS" else program_of(token=token)
    answers = [program.get("/openapi.json") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    left = [answer.headers["RateLimit-Remaining"] for answer in answers]
    assert left == ["2", "1", "0", "0"]
    last = answers[-1]
    assert last.headers["RateLimit-Limit"] == "3"
    assert 0 < int(last.headers["RateLimit-Reset"]) <= 60
    assert 0 < int(last.headers["Retry-After"]) <= 60
    assert last.json["error"] == "too many requests"


def test_one_token_leaves_another_alone_but_not_the_account(app, program_of, ann):
    app.config["FLASKY_LIMIT_API_TOKEN"] = "2 per minute"
    app.config["FLASKY_LIMIT_API_ACCOUNT"] = "3 per minute"
    first, second = (program_of(token=ann.make_token("t", ["read"])[1]) for _ in range(2))
    assert [first.get("/me").status_code for _ in range(3)] == [200, 200, 429]
    # What a token may not ask for does not count against the account.
    assert [second.get("/me").status_code for _ in range(2)] == [200, 429]


def test_the_limit_of_writing_is_that_of_the_site(app, program_of, browser_of, ann):
    app.config["FLASKY_LIMIT_WRITE"] = "2 per minute"
    browser_of(ann).post("/", data={"body": "from the site"})
    program = program_of(ann)
    statuses = [program.post("/posts/", json={"body": "x"}).status_code for _ in range(2)]
    assert statuses == [201, 429]


def test_asking_again_with_the_same_key_is_not_writing_again(app, program_of, ann):
    app.config["FLASKY_LIMIT_WRITE"] = "1 per minute"
    program, key = program_of(ann), {"Idempotency-Key": "k"}
    for _ in range(3):
        answer = program.post("/posts/", json={"body": "x"}, headers=key)
        assert answer.status_code == 201


def test_nothing_is_counted_when_that_is_switched_off(app, stranger):
    app.config["RATELIMIT_ENABLED"] = False
    app.config["FLASKY_LIMIT_API_ADDRESS"] = "1 per minute"
    for _ in range(3):
        answer = stranger.get("/openapi.json")
        assert answer.status_code == 200
        assert "RateLimit-Limit" not in answer.headers


def test_pages_elsewhere_may_not_read_by_default(stranger):
    answer = stranger.get("/openapi.json", headers={"Origin": ORIGIN})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_pages_of_a_listed_origin_may_use_the_api(app, program_of, ann):
    app.config["FLASKY_API_ORIGINS"] = f"https://other.example {ORIGIN}"
    program = program_of(ann)
    headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}
    for answer in (
        program.post("/posts/", json={"body": "x"}, headers=headers),
        program.get("/nothing", headers=headers),
    ):
        assert answer.status_code in (201, 404)
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
    other = program.get("/posts/", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other.headers


def test_a_browser_may_ask_before_it_sends(app, stranger):
    app.config["FLASKY_API_ORIGINS"] = ORIGIN
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"}
    answer = stranger.open("OPTIONS", "/posts/1", headers=asked)
    assert answer.status_code == 200
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
