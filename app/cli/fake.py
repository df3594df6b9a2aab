"""`flask fake`: fill a site with people who do not exist."""

import random

import click
from flask.cli import with_appcontext

from .. import fake as factory
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
    for make, count in (
        (factory.users, users),
        (factory.follows, follows),
        (factory.posts, posts),
        (factory.comments, comments),
    ):
        if count:
            _make(make, count)


def _make(make, count: int) -> None:
    label = make.__name__.capitalize().ljust(8)
    with click.progressbar(length=count, label=label) as bar:
        try:
            make(count, progress=bar.update)
        except ValueError as error:
            raise click.ClickException(str(error)) from None
