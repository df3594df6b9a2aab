"""A client that is generated from the description, and nothing else, does what people do."""

import importlib
import json
import subprocess
import sys
from contextvars import Context
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import insert

from app.api.document import document
from app.extensions import db
from app.models import Comment, Post
from tests.models.truth import recount

from .conftest import basic

PACKAGE = "flasky_client"


@pytest.fixture(scope="module")
def library(session_app, tmp_path_factory):
    """Generate the client and return a function that finds its modules."""
    folder = tmp_path_factory.mktemp("client")
    with session_app.app_context():
        (folder / "openapi.json").write_text(json.dumps(document()))
    (folder / "config.yml").write_text("post_hooks: []\n")
    program = Path(sys.executable).with_name("openapi-python-client")
    command = [program, "generate", "--path", folder / "openapi.json", "--meta", "none"]
    command += ["--config", folder / "config.yml", "--output-path", folder / PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout
    sys.path.insert(0, str(folder))
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    sys.path.remove(str(folder))


@pytest.fixture
def client_of(app, library):
    """Return a client that is signed in by password, and one by the token that it then got."""

    def serve(environ, start_response):
        db.session.commit()
        return Context().run(app, environ, start_response)

    def make(user):
        client = library("client")
        transport = httpx.WSGITransport(app=serve)
        password = {"Authorization": basic(user.email, "cat")}
        by_password = client.Client(base_url="http://localhost").set_httpx_client(
            httpx.Client(transport=transport, base_url="http://localhost", headers=password)
        )
        token = library("api.tokens.get_token").sync(client=by_password).token
        bearer = {"Authorization": f"Bearer {token}"}
        return client.AuthenticatedClient(
            base_url="http://localhost", token=token
        ).set_httpx_client(
            httpx.Client(transport=transport, base_url="http://localhost", headers=bearer)
        )

    return make


def test_it_writes_and_edits_what_has_not_changed(library, client_of, ann):
    client, models = client_of(ann), library("models")
    post = library("api.posts.new_post").sync(client=client, body=models.NewPost(body="*one*"))
    assert post.body_html == "<p><em>one</em></p>"

    number = int(post.url.rpartition("/")[2])
    read = library("api.posts.get_post").sync_detailed(number, client=client)
    edit = library("api.posts.edit_post")
    change = models.PostChange(body="two")
    tag = read.headers["ETag"]
    assert edit.sync(number, client=client, body=change, if_match=tag).body == "two"
    stale = edit.sync_detailed(number, client=client, body=change, if_match=tag)
    assert stale.status_code == 412
    assert stale.parsed.error == "precondition failed"


def test_it_follows_comments_and_moderates(library, client_of, ann, bob, moderator, make_post):
    client, post = client_of(ann), make_post(author=bob)
    assert library("api.following.follow").sync(bob.id, client=client).following
    body = library("models").NewComment(body="rude")
    comment = library("api.comments.new_post_comment").sync(post.id, client=client, body=body)
    number = int(comment.url.rpartition("/")[2])

    disable = library("api.moderation.disable_comment")
    assert disable.sync_detailed(number, client=client).status_code == 403
    assert disable.sync(number, client=client_of(moderator)).disabled
    assert library("api.comments.get_comment").sync(number, client=client).body is None
    assert Comment.query.one().disabled
    assert ann.is_following(bob)


def test_it_pages_through_a_thousand_posts(library, client_of, ann):
    start = datetime(2024, 1, 1)
    rows = [{"body": str(n), "timestamp": start + timedelta(seconds=n // 7)} for n in range(1000)]
    db.session.execute(insert(Post), rows)
    recount()
    db.session.commit()
    client, get_posts = client_of(ann), library("api.posts.get_posts")
    after, seen = "", []
    while after is not None:
        page = get_posts.sync(client=client, after=after, per_page=100)
        assert page.count == 1000
        seen += [post.url for post in page.posts]
        after = page.next_url and parse_qs(urlsplit(page.next_url).query)["after"][0]
    assert len(seen) == len(set(seen)) == 1000
