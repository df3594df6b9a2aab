"""`flask fake`: fill a site with people who do not exist."""

import random
from functools import partial

import click
from flask.cli import with_appcontext

from .. import fake as factory
from ..extensions import db
from ..models.landmark import set_landmarks
from .failures import Command

_COUNT = click.IntRange(min=0)


@click.command(cls=Command)
@click.option("--users", type=_COUNT, default=0, help="People, with the password `password`.")
@click.option("--posts", type=_COUNT, default=0, help="Posts by people at random.")
@click.option("--comments", type=_COUNT, default=0, help="Comments under posts at random.")
@click.option("--follows", type=_COUNT, default=0, help="Who follows whom.")
@click.option("--seed", type=int, help="The same seed makes the same people and texts.")
@with_appcontext
def fake(users, posts, comments, follows, seed):
    """Add believable people, posts, comments and follows to the database.

    For trying the site out. The popular ones are much more popular than the others, as in life.
    """
    random.seed(seed)
    if posts and comments:  # together they are quicker
        texts = [
            ("Posts and comments", partial(factory.discussions, posts, comments), posts + comments)
        ]
    else:
        texts = [_kind(factory.posts, posts), _kind(factory.comments, comments)]
    for label, make, count in (
        _kind(factory.users, users),
        _kind(factory.follows, follows),
        *texts,
    ):
        if count:
            _make(label, make, count)
    set_landmarks(anew=True)
    db.session.commit()


def _kind(make, count: int) -> tuple:
    return make.__name__.capitalize(), partial(make, count), count


def _make(label: str, make, count: int) -> None:
    with click.progressbar(length=count, label=label.ljust(8)) as bar:
        try:
            make(progress=bar.update)
        except ValueError as error:
            raise click.ClickException(str(error)) from None
