"""What processes share of their pages when the settings name a Redis."""

import pytest

from app.extensions import db
from app.models import Post, User
from app.startup.caches import edition


@pytest.fixture
def with_redis(redis):
    # The address is for this alone: no queue, and nobody counts there.
    return {"REDIS_URL": redis.url, "FLASKY_JOBS_AT_ONCE": True, "SECRET_KEY": "s" * 40}


def test_a_card_that_one_process_has_made_the_next_one_finds(app_with, with_redis, monkeypatch):
    app = app_with(**with_redis)
    author = User(username="ann", email="ann@example.com", confirmed=True)
    db.session.add(Post(body="*text* < &", author=author))
    db.session.commit()
    page = app.test_client().get("/").text
    assert "<em>text</em> &lt; &amp;" in page

    app.extensions["fragments"].clear()  # as the next process begins
    monkeypatch.delattr("app.web.fragments._render")
    assert app.test_client().get("/").text == page


def test_pages_are_made_when_redis_is_away(app_with, with_redis, redis):
    app = app_with(**with_redis)
    redis.stop()
    assert app.test_client().get("/").status_code == 200


def test_without_a_redis_or_with_nothing_kept_nobody_shares(make_app, with_redis):
    for settings in ({}, with_redis | {"FLASKY_KEPT_FRAGMENTS": 0}):
        assert make_app(**settings).extensions["fragments"]._shared is None


def test_another_secret_database_or_program_is_another_site(make_app, with_redis, monkeypatch):
    def key(**more):
        return make_app(**with_redis | more).extensions["fragments"]._shared._key

    same, *others = (
        key(),
        key(SECRET_KEY="t" * 40),
        key(SQLALCHEMY_DATABASE_URI="sqlite:///another.sqlite"),
    )
    assert key() == same
    assert same not in others
    monkeypatch.setattr("app.startup.caches.edition", lambda folder: "another")
    assert key() != same


def test_a_program_is_another_one_when_a_file_changes_moves_or_comes(tmp_path):
    (tmp_path / "templates").mkdir()
    template = tmp_path / "templates" / "_post.html"
    template.write_text("<p>")
    editions = [edition(tmp_path)]
    template.write_text("<b>")
    editions.append(edition(tmp_path))
    template.rename(tmp_path / "templates" / "_card.html")
    editions.append(edition(tmp_path))
    (tmp_path / "web.py").touch()
    editions.append(edition(tmp_path))
    assert len(set(editions)) == len(editions)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "web.pyc").touch()
    assert edition(tmp_path) == editions[-1]
