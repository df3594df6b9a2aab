"""What the newest 20 followed posts cost, by each way to find them.

DATABASE_URL=... python -m benchmarks.timelines     after ./boot.sh benchmark has filled it

For people who follow 20 and 1,000 others, and for those (`quiet`) whose others hardly ever write.
Prints milliseconds, the median of several runs, as a table in Markdown.
"""

import time
from statistics import median

from sqlalchemy import Connection, select, text

from app import create_app
from app.extensions import db
from app.models import User
from app.queries.posts import followed_posts, outlines
from benchmarks.report import as_markdown

READERS = ("light", "heavy", "light.quiet", "heavy.quiet")
_NEWEST = "ORDER BY timestamp DESC, id DESC LIMIT 20"
_THEIRS = "SELECT followed_id FROM follows WHERE follower_id = :reader"
WAYS = {
    "all of their posts, sorted by time": f"""
        SELECT id, timestamp FROM posts WHERE author_id IN ({_THEIRS}) {_NEWEST}""",
    "the newest posts of all, as long as it takes": f"""
        SELECT id, timestamp FROM posts AS post WHERE EXISTS (
            SELECT 1 FROM follows WHERE follower_id = :reader AND followed_id = post.author_id
        ) {_NEWEST}""",
    "the 20 newest of each author (LATERAL)": f"""
        SELECT newest.id, newest.timestamp FROM follows CROSS JOIN LATERAL (
            SELECT id, timestamp FROM posts WHERE author_id = followed_id {_NEWEST}
        ) AS newest WHERE follower_id = :reader
        ORDER BY newest.timestamp DESC, newest.id DESC LIMIT 20""",
    "a table of posts for each reader (fan-out)": f"""
        SELECT id, timestamp FROM fan_out WHERE reader_id = :reader {_NEWEST}""",
}
_FAN_OUT = (
    "CREATE TEMPORARY TABLE fan_out (reader_id INTEGER, timestamp TIMESTAMP, id INTEGER)",
    "CREATE INDEX ix_fan_out ON fan_out (reader_id, timestamp, id)",
)
_FILL = """
    INSERT INTO fan_out SELECT :reader, timestamp, id FROM posts
    WHERE author_id IN (SELECT followed_id FROM follows WHERE follower_id = :reader)
    ORDER BY timestamp DESC LIMIT 1000"""


def main() -> None:
    people = select(User).where(User.username.in_([f"benchmark.{name}" for name in READERS]))
    readers = {
        user.username.removeprefix("benchmark."): user for user in db.session.scalars(people)
    }
    connection = db.session.connection()
    for statement in _FAN_OUT:
        connection.execute(text(statement))
    for user in readers.values():
        connection.execute(text(_FILL), {"reader": user.id})
    rows = [["way", *READERS]]
    for way, statement in WAYS.items():
        if "LATERAL" in way and connection.dialect.name == "sqlite":
            continue
        times = (_median(_asking(connection, statement, readers[name].id)) for name in READERS)
        rows.append([way, *(f"{time:.2f}" for time in times)])
    ours = (_median(_reading(readers[name])) for name in READERS)
    name = "the posts of those who wrote last, with all that a page shows of them (ours)"
    rows.append([name, *(f"{time:.2f}" for time in ours)])
    print(as_markdown(rows))


def _asking(connection: Connection, statement: str, reader_id: int):
    statement = text(statement)
    return lambda: connection.execute(statement, {"reader": reader_id}).all()


def _reading(reader: User):
    return lambda: followed_posts(reader).stretch(0, 20, shape=outlines)


def _median(ask) -> float:
    """Return the milliseconds that `ask` takes: of 30 times, or of 3 if it takes long."""
    times = []
    while len(times) < (30 if sum(times) < 1000 else 3):
        start = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - start))
    return median(times)


if __name__ == "__main__":
    with create_app("production").app_context():
        main()
