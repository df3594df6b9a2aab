"""What a request left in the logs, of the web server and of the worker, is found by its id."""

import json
import logging
import re
import sys

import pytest

from app.extensions import db
from app.jobs.runner import run
from app.lib import request_ids
from app.models import Job, User, later
from config import TestingConfig
from deploy.json_lines import JsonLines

GIVEN = {"X-Request-ID": "from-the-proxy.7"}


def test_every_answer_carries_an_id_of_its_own(client):
    ids = {client.get(path).headers["X-Request-ID"] for path in ("/", "/", "/no/such/page")}
    assert len(ids) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", request_id) for request_id in ids)
    assert request_ids.current() is None


def test_the_id_of_a_proxy_of_ours_is_taken(app, client):
    app.config["FLASKY_PROXY_HOPS"] = 1
    assert client.get("/", headers=GIVEN).headers["X-Request-ID"] == "from-the-proxy.7"


def test_that_of_a_stranger_is_not(client):
    assert client.get("/", headers=GIVEN).headers["X-Request-ID"] != "from-the-proxy.7"


@pytest.mark.parametrize(
    "text", ["", "short", "a" * 65, "with spaces in it", "semi;colon-x", "é" * 9]
)
def test_one_that_could_be_mistaken_in_a_log_is_not(app, client, text):
    app.config["FLASKY_PROXY_HOPS"] = 1
    answer = client.get("/", headers={"X-Request-ID": text.encode().decode("latin-1")})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_a_job_keeps_the_id_of_the_request_that_promised_it(app, client, outbox):
    form = {"email": "eve@example.com", "username": "eve", "password": "cat", "password2": "cat"}
    answer = client.post("/auth/register", data=form)
    (job,) = Job.query.filter_by(name="mail.confirmation")
    assert job.request_id == answer.headers["X-Request-ID"]
    assert len(outbox) == 1


def test_the_worker_logs_with_the_id_of_the_request(app, caplog):
    app.config["FLASKY_JOBS_AT_ONCE"] = False
    before = request_ids.begin("the-request-of-ann")
    later("mail.confirmation", user_id="no number", wrong="argument")
    db.session.flush()
    request_ids.begin(before)
    job = db.session.query(Job).one()
    db.session.info.clear()
    db.session.commit()
    run(job.id)
    (record,) = [record for record in caplog.records if "failed at attempt" in record.getMessage()]
    assert record.request_id == "the-request-of-ann"
    assert json.loads(JsonLines().format(record))["request_id"] == "the-request-of-ann"
    assert request_ids.current() is None


# --- JSON ----------------------------------------------------------------------------------


@pytest.fixture
def json_app(make_app, capsys):
    """An application that writes JSON to its standard log, here a list of lines."""
    app = make_app(FLASKY_LOG_FORMAT="json", TESTING=True)
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Keep()
    app.logger.addHandler(handler)
    handler.setFormatter(JsonLines())
    app.lines = lines
    yield app
    app.logger.removeHandler(handler)
    make_app()  # Flask's own handler is one for all applications


@pytest.mark.parametrize(
    "text", ["two\r\nlines", "an \x1b[31m escape", "a \u2028 separator", 'a "']
)
def test_a_record_is_one_line_whatever_it_holds(json_app, text):
    json_app.logger.warning("Somebody said: %s", text)
    (line,) = json_app.lines
    assert line.isascii()
    assert len(line.splitlines()) == 1
    found = json.loads(line)
    assert found["message"] == f"Somebody said: {text}"
    assert (found["level"], found["logger"]) == ("WARNING", "app")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", found["time"])


def test_a_fault_is_one_line_with_its_trace_and_its_request(json_app):
    json_app.config["PROPAGATE_EXCEPTIONS"] = False
    json_app.add_url_rule("/fault", view_func=lambda: 1 / 0)
    answer = json_app.test_client().get("/fault")
    assert answer.status_code == 500
    (line,) = json_app.lines
    found = json.loads(line)
    assert found["message"] == "Exception on /fault [GET]"
    assert "ZeroDivisionError" in found["exception"]
    assert found["request_id"] == answer.headers["X-Request-ID"]


def test_text_is_the_default_and_comes_back_after_json(make_app):
    handlers = make_app(FLASKY_LOG_FORMAT="json").logger.handlers
    assert [type(handler.formatter) for handler in handlers] == [JsonLines] * len(handlers)
    handlers = make_app().logger.handlers
    assert JsonLines not in [type(handler.formatter) for handler in handlers]


def test_a_format_that_does_not_exist_is_refused(make_app):
    with pytest.raises(RuntimeError, match="FLASKY_LOG_FORMAT takes text or json"):
        make_app(FLASKY_LOG_FORMAT="xml")


def test_the_access_log_of_the_web_server_has_the_id_too():
    atoms = {"h": "127.0.0.1", "{x-request-id}o": "the-request-of-ann"}
    record = logging.LogRecord("gunicorn.access", 20, "", 0, '%(h)s "GET /"', (atoms,), None)
    found = json.loads(JsonLines().format(record))
    assert found["message"] == '127.0.0.1 "GET /"'
    assert found["request_id"] == "the-request-of-ann"


# --- What does not belong in a log ---------------------------------------------------------


def test_the_token_of_a_link_does_not_reach_the_log(app, client, caplog, monkeypatch, ann):
    def fail(token):
        raise ValueError(f"could not read {token}")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    token = ann.generate_reset_token()
    monkeypatch.setitem(app.view_functions, "auth.password_reset", fail)
    assert client.get(f"/auth/reset/{token}").status_code == 500
    (record,) = [record for record in caplog.records if "Exception on" in record.getMessage()]
    assert record.getMessage() == "Exception on /auth/reset/<token> [GET]"
    for formatter in (logging.Formatter(), JsonLines()):
        assert token not in formatter.format(record)
    assert "could not read <token>" in caplog.text


def test_errors_of_the_database_hide_the_values(app):
    assert TestingConfig.SQLALCHEMY_ENGINE_OPTIONS["hide_parameters"]
    with pytest.raises(Exception, match="hide_parameters=True") as caught:
        db.session.execute(User.__table__.insert(), {"username": "ann-the-secret", "role_id": 99})
    db.session.rollback()
    assert "ann-the-secret" not in str(caught.value)
    assert sys.exc_info() == (None, None, None)
