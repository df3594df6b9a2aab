"""The people and posts that the benchmark asks for, added to the dataset once.

DATABASE_URL=... python -m benchmarks.cast          add whoever is missing, print who is who
DATABASE_URL=... python -m benchmarks.cast --targets  a new post by each writer, to be commented on
DATABASE_URL=... python -m benchmarks.cast --tidy   remove what the writers wrote
"""

import json
import sys
from itertools import product

from sqlalchemy import delete, func, select

from app import create_app
from app.extensions import db
from app.models import Comment, Post, User
from app.models.total import move_total
from benchmarks import bare
from benchmarks.pages import WRITERS
from benchmarks.visitor import PASSWORD

HEAVY, LIGHT, COMMENTS = 1000, 20, 50
_WRITERS = tuple(f"benchmark.{name}" for name in WRITERS)


def cast() -> dict:
    """Return names and ids: who the readers are, and what they read."""
    bare.metadata.create_all(db.session.connection())
    people = db.session.scalars(
        select(User).where(~User.username.startswith("benchmark.")).order_by(User.id)
    ).all()
    quiet = [user for user in people if user.post_count]
    quiet = sorted(quiet, key=lambda user: (user.post_count, user.id))[
        : max(LIGHT, len(people) // 4)
    ]
    for name, choice in (
        ("light", _spread(people, LIGHT)),
        ("heavy", _spread(people, HEAVY)),
        ("light.quiet", _spread(quiet, LIGHT)),
        ("heavy.quiet", quiet[:HEAVY]),
    ):
        _reader(f"benchmark.{name}", choice)
    for name in _WRITERS:
        _reader(name, [])
    facts = {
        "popular": max(people, key=lambda user: user.post_count).username,
        "discussed": _discussed(people),
        "posts": db.session.scalar(select(func.count()).select_from(Post)),
        "ids": dict(
            db.session.execute(
                select(User.username, User.id).where(User.username.startswith("benchmark."))
            ).all()
        ),
    }
    db.session.commit()
    return facts


def _spread(people: list[User], count: int) -> list[User]:
    """Return `count` of `people`, the popular and the others alike."""
    step = max(1, len(people) // count)
    return people[step // 2 :: step][:count]


def _reader(username: str, followed: list[User]) -> None:
    if db.session.scalar(select(User.id).filter_by(username=username)) is not None:
        return
    email = f"{username}@example.com"
    reader = User(username=username, email=email, password=PASSWORD, confirmed=True)
    db.session.add(reader)
    db.session.flush()
    for user in followed:
        reader.follow(user)


def _discussed(people: list[User]) -> int:
    """Return the id of a post with 50 comments; the last ones are written if need be."""
    most = select(Post).where(Post.comment_count <= COMMENTS)
    post = db.session.scalar(most.order_by(Post.comment_count.desc(), Post.id.desc()).limit(1))
    for number in range(post.comment_count, COMMENTS):
        author = people[number % len(people)]
        db.session.add(Comment(body=f"Remark *{number}* on this.", post=post, author=author))
    db.session.flush()
    return post.id


def targets() -> list[int]:
    """Return a new post by each of the writers, to be commented on."""
    writers = db.session.scalars(select(User).where(User.username.in_(_WRITERS))).all()
    posts = [Post(body="Comment on this.", author=writer) for writer in writers]
    db.session.add_all(posts)
    db.session.commit()
    return [post.id for post in posts]


def written() -> dict[str, int]:
    """Return how many rows the load has added."""
    writers = select(User.id).where(User.username.in_(_WRITERS))
    numbers = {
        "create-post": select(func.count()).where(Post.author_id.in_(writers)),
        "create-comment": select(func.count()).where(Comment.author_id.in_(writers)),
        "insert": select(func.count()).select_from(bare.rows),
    }
    return {name: db.session.scalar(number) for name, number in numbers.items()}


def tidy() -> None:
    """Remove what the writers wrote, so that the next run finds what this one found."""
    writers = db.session.scalars(select(User).where(User.username.in_(_WRITERS))).all()
    for model, writer in product((Comment, Post), writers):
        gone = db.session.execute(delete(model).where(model.author_id == writer.id)).rowcount
        move_total(db.session.connection(), model, writer.id, -gone)
    for writer in writers:
        writer.post_count = writer.comment_count = 0
        writer.last_post_at = None
    bare.metadata.drop_all(db.session.connection())
    db.session.commit()


if __name__ == "__main__":
    with create_app("production").app_context():
        acts = {"--targets": targets, "--written": written, "--tidy": tidy}
        print(json.dumps(acts.get("".join(sys.argv[1:]), cast)()))
