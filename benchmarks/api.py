"""How long the API takes to shape a page, and to answer with one.

    python -m benchmarks.api

Pages of 20 posts, medians of many runs. The target of the first figure is 1 ms.
"""

from base64 import b64encode
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter

from sqlalchemy import insert

from app import create_app
from app.api.schemas import Posts
from app.extensions import db
from app.models import Post, Role, User
from app.models.counters import recount
from app.models.total import recount_totals
from app.queries.posts import latest_posts

_POSTS, _PAGE = 200_000, 20


def milliseconds(function, runs: int) -> float:
    """Return the median time of one call."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        function()
        times.append(perf_counter() - start)
    return median(times) * 1000


def fill() -> None:
    db.create_all()
    Role.insert_roles()
    user = User(username="ann", email="ann@example.com", password="cat", confirmed=True)
    db.session.add(user)
    db.session.flush()
    start = datetime(2020, 1, 1)
    text = {"author_id": user.id, "body": "word " * 100, "body_html": "<p>word</p> " * 50}
    for first in range(0, _POSTS, 10_000):
        rows = [
            {**text, "timestamp": start + timedelta(seconds=number)}
            for number in range(first, first + 10_000)
        ]
        db.session.execute(insert(Post), rows)
    recount(User, 0)
    recount_totals(Post)
    db.session.commit()


def main() -> None:
    app = create_app("testing")
    with app.app_context():
        fill()
        posts = latest_posts().stretch(0, _PAGE)
        schema, ends = Posts(), dict.fromkeys(("prev", "prev_url", "next", "next_url"))
        page = {"posts": [], **ends, "count": _POSTS}

        def shape() -> str:
            page["posts"] = [post.to_json() for post in posts]
            return app.json.dumps(schema.dump(page))

        print(f"Shaping {_PAGE} posts: {milliseconds(shape, 500):.2f} ms")
        db.session.remove()

    credentials = b64encode(b"ann@example.com:cat").decode()
    headers = {"Authorization": f"Basic {credentials}"}
    client = app.test_client()

    def get(query: str):
        return client.get(f"/api/v1/posts/?{query}", headers=headers).json

    print(f"The first page of {_POSTS:,} posts: {milliseconds(lambda: get(''), 30):.1f} ms")
    deep = datetime(2020, 1, 1) + timedelta(seconds=_POSTS - 10_000 * _PAGE + _PAGE)
    cursor = f"{(deep - datetime.min) // timedelta(microseconds=1):014x}00000000"
    for name, query in (
        ("page 1 by cursor", "after="),
        ("page 10,000 by cursor", f"after={cursor}"),
        ("page 10,000 by number", "page=10000"),
    ):
        print(f"{name}: {milliseconds(lambda query=query: get(query), 30):.1f} ms")


if __name__ == "__main__":
    main()
