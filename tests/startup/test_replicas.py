"""Which requests read from a replica: here a SQLite file, whose posts tell where one was read."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, insert, select, update

from app import create_app
from app.adapters.replicas import own_writes_last
from app.exceptions import ConfigurationError
from app.extensions import db
from app.lib.clock import utcnow
from app.models import Post, Role, User
from app.models.total import Total


@pytest.fixture
def replica(app, tmp_path, monkeypatch):
    """A replica that lags: it holds the roles, and one post that the primary has deleted."""
    engine = create_engine(f"sqlite:///{tmp_path / 'replica.sqlite'}")
    db.metadata.create_all(engine)
    with engine.begin() as connection:
        for role in db.session.execute(select(Role.__table__)).mappings():
            connection.execute(insert(Role.__table__).values(**role))
        connection.execute(insert(User.__table__).values(id=99, username="historian"))
        connection.execute(insert(Total.__table__).values(name="posts", shard=0, value=1))
        connection.execute(
            insert(Post.__table__).values(
                id=1, author_id=99, timestamp=utcnow(), comment_count=0, render_version=1,
                body="Old news", body_html="<p>Old news</p>",
            )
        )  # fmt: skip
    app.config["DATABASE_REPLICA_URLS"] = ["postgresql+psycopg://replica/"]
    monkeypatch.setattr("app.startup.database.fit_replica", lambda _app: engine)
    yield engine
    engine.dispose()


@pytest.fixture
def news(replica, make_post):
    return make_post("Fresh news", id=1000)


def is_old(response) -> bool:
    """Tell where a page was read."""
    old, fresh = "Old news" in response.text, "Fresh news" in response.text
    assert old != fresh
    return old


def wrote(user: User, ago: timedelta | None) -> None:
    when = None if ago is None else utcnow() - ago
    db.session.execute(update(User).where(User.id == user.id).values(wrote_at=when))
    db.session.commit()


def test_strangers_read_from_the_replica(client, news):
    assert is_old(client.get("/"))


def test_without_a_fit_replica_everybody_reads_from_the_primary(client, news, monkeypatch):
    monkeypatch.setattr("app.startup.database.fit_replica", lambda _app: None)
    assert not is_old(client.get("/"))


def test_who_wrote_a_moment_ago_reads_from_the_primary(app, browser_of, ann, news):
    browser, window = browser_of(ann), own_writes_last(app)
    wrote(ann, window - timedelta(seconds=1))
    assert not is_old(browser.get("/"))
    wrote(ann, window + timedelta(seconds=1))
    assert is_old(browser.get("/"))
    wrote(ann, None)
    assert is_old(browser.get("/"))


def test_a_write_in_one_browser_is_seen_in_all_and_by_programs(browser_of, ann, bob, news, client):
    phone, laptop = browser_of(ann), browser_of(ann)
    made = phone.post("/api/v1/me/tokens/", json={"name": "x", "scopes": ["read"]},
                      auth=("ann@example.com", "cat"))  # fmt: skip
    program = {"Authorization": f"Bearer {made.json['token']}"}
    wrote(ann, None)
    assert is_old(client.get("/api/v1/posts/", headers=program))
    phone.post("/edit-profile", data={"name": "A", "location": "", "about_me": ""})
    assert not is_old(laptop.get("/"))
    assert not is_old(client.get("/api/v1/posts/", headers=program))
    wrote(bob, None)
    others = browser_of(bob)
    wrote(bob, None)
    assert is_old(others.get("/"))


def test_a_write_of_a_program_is_seen_on_the_site(browser_of, client, ann, news):
    browser = browser_of(ann)
    wrote(ann, None)
    client.post("/api/v1/posts/", json={"body": "by a program"}, auth=("ann@example.com", "cat"))
    assert not is_old(browser.get("/"))


@pytest.mark.parametrize("path", ["/", "/post/1000"])
def test_who_publishes_is_noted_by_the_statement_that_counts(
    browser_of, ann, news, statements, path
):
    browser = browser_of(ann)
    wrote(ann, None)
    with statements() as seen:
        assert browser.post(path, data={"body": "x"}).status_code == 302
    assert db.session.scalar(select(User.wrote_at).where(User.id == ann.id)) is not None
    assert sum("wrote_at=" in statement for statement in seen) == 1


def test_reading_is_no_write(browser_of, ann, news):
    browser = browser_of(ann)
    wrote(ann, None)
    browser.get("/")
    assert db.session.scalar(select(User.wrote_at).where(User.id == ann.id)) is None


def test_without_replicas_nobody_notes_who_writes(browser_of, ann):
    browser_of(ann).post("/edit-profile", data={"name": "A", "location": "", "about_me": ""})
    assert db.session.scalar(select(User.wrote_at).where(User.id == ann.id)) is None


def test_who_has_just_signed_in_or_out_is_so_at_once(browser_of, client, ann, news):
    browser = browser_of(ann)  # the replica knows neither ann nor her session
    wrote(ann, None)
    assert "Log Out" in browser.get("/").text
    browser.get("/auth/logout")
    assert "Log Out" not in browser.get("/").text


def test_a_page_about_accounts_is_true_at_this_moment(browser_of, ann, news):
    browser = browser_of(ann)
    wrote(ann, None)
    assert "this one" in browser.get("/auth/sessions").text  # the replica knows no session


def test_a_link_that_is_newer_than_the_replica_leads_somewhere(client, news, make_user):
    assert "Fresh news" in client.get("/post/1000").text
    assert client.get("/post/1001").status_code == 404


def test_writes_never_go_to_the_replica(browser_of, ann, news, replica):
    browser = browser_of(ann)
    wrote(ann, None)
    browser.post("/", data={"body": "For the primary"})
    with replica.connect() as connection:
        assert connection.scalars(select(Post.__table__.c.body)).all() == ["Old news"]
    assert db.session.scalar(select(Post).where(Post.body == "For the primary"))


def test_a_replica_that_goes_away_costs_nothing(client, news, monkeypatch):
    away = create_engine("postgresql+psycopg://127.0.0.1:1/nowhere")
    monkeypatch.setattr("app.startup.database.fit_replica", lambda _app: away)
    assert not is_old(client.get("/"))
    assert not is_old(client.get("/"))


def test_replicas_of_another_kind_of_database_end_the_start(monkeypatch):
    urls = ["postgresql+psycopg://x/"]
    monkeypatch.setattr("config.TestingConfig.DATABASE_REPLICA_URLS", urls)
    with pytest.raises(ConfigurationError, match="replicas of the PostgreSQL"):
        create_app("testing")


def test_each_replica_gets_an_engine(monkeypatch):
    url = "postgresql+psycopg://primary/flasky"
    monkeypatch.setattr("config.TestingConfig.SQLALCHEMY_DATABASE_URI", url)
    urls = ["postgresql+psycopg://one/flasky", "postgresql+psycopg://two/flasky"]
    monkeypatch.setattr("config.TestingConfig.DATABASE_REPLICA_URLS", urls)
    app = create_app("testing")
    with app.app_context():
        hosts = {key: engine.url.host for key, engine in db.engines.items()}
    assert hosts == {None: "primary", "autocommit": "primary", "replica0": "one", "replica1": "two"}
