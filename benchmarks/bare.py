"""The least that Flask can do: what Flasky's pages are compared with.

    gunicorn --config deploy/gunicorn.conf.py benchmarks.bare:app

`/const` returns a constant page of 20 kB, `/jinja` renders 20 posts from memory, `/insert` adds a
row to the database of DATABASE_URL and commits, and `/argon2` checks a password.
"""

from datetime import datetime

from flask import Flask, request
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, create_engine, insert

from app import database  # noqa: F401 - opens SQLite as safely as Flasky does
from app.lib.passwords import hash_password, verify
from benchmarks.visitor import PASSWORD
from config import ProductionConfig

_PAGE = "<!doctype html><title>Constant</title>" + "<p>All pages are equal.</p>" * 770
_TEXT = "It is a <em>long</em> way from here to there, and nobody has walked it yet. " * 8
_POSTS = [
    {"id": number, "author": f"author{number}", "when": "2 hours ago", "html": _TEXT, "count": 3}
    for number in range(20)
]
_TEMPLATE = """<!doctype html>
<html lang="en"><head><title>{{ title }}</title><link rel="stylesheet" href="/site.css"></head>
<body><nav><a href="/">Home</a> <a href="/login">Log in</a></nav><h1>Hello, {{ name }}!</h1>
{% for post in posts %}<article id="post-{{ post.id }}">
<a href="/user/{{ post.author }}"><img src="/avatar/{{ post.author }}" alt="">{{ post.author }}</a>
<time>{{ post.when }}</time><div>{{ post.html|safe }}</div>
<a href="/post/{{ post.id }}">Permalink</a> <a href="/post/{{ post.id }}#comments">
{{ post.count }} comments</a></article>
{% endfor %}</body></html>"""

metadata = MetaData()
rows = Table(
    "benchmark_rows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("body", Text),
    Column("timestamp", DateTime),
)
app = Flask(__name__)
template = app.jinja_env.from_string(_TEMPLATE)
password_hash = hash_password(PASSWORD)
engine = create_engine(ProductionConfig.SQLALCHEMY_DATABASE_URI)


@app.get("/const")
def const():
    return _PAGE


@app.get("/jinja")
def jinja():
    return template.render(title="Posts", name="Stranger", posts=_POSTS)


@app.post("/insert")
def add_row():
    with engine.begin() as connection:
        connection.execute(insert(rows).values(body=_TEXT, timestamp=datetime.now()))
    return "", 302, {"Location": "/"}


@app.post("/argon2")
def check_password():
    if not verify(password_hash, request.form["password"]):
        return "", 403
    return "", 302, {"Location": "/"}
