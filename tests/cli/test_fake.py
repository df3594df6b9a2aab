"""`flask fake`: fill a site with people who do not exist."""

import pytest

from app.extensions import db
from app.models import Comment, Follow, Landmark, Post, User
from app.models.landmark import APART
from tests.models.truth import counters, counts


@pytest.fixture
def fake(app):
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["fake", *map(str, arguments)])


def test_the_numbers_that_are_asked_for_are_made_and_counted(fake):
    result = fake("--users", 20, "--follows", 60, "--posts", 30, "--comments", 40, "--seed", 1)
    assert result.exit_code == 0, result.output
    db.session.expire_all()
    found = User.query.count(), Follow.query.count(), Post.query.count(), Comment.query.count()
    assert found == (20, 60 + 20, 30, 40)
    assert counters() == counts()


def test_far_pages_are_found_at_once(fake):
    fake("--users", 2, "--posts", 2 * APART)
    assert [row.position for row in Landmark.query] == [APART, 2 * APART]


def test_each_kind_has_a_bar_of_its_own(fake):
    result = fake("--users", 3, "--posts", 3)
    assert "Users" in result.output
    assert "Posts" in result.output
    assert "Comments" not in result.output


def test_nothing_is_made_where_nothing_is_asked_for(fake):
    result = fake()
    assert (result.exit_code, result.output) == (0, "")
    assert User.query.count() == 0


def test_the_same_seed_makes_the_same_people_and_texts(fake):
    def world():
        people = User.query.order_by(User.id)
        people = [(u.username, u.email, u.name, u.location, u.about_me) for u in people]
        posts = [(post.author.username, post.body) for post in Post.query.order_by(Post.id)]
        return people, posts

    worlds = []
    for seed in (7, 7, 8):
        fake("--users", 5, "--posts", 10, "--seed", seed)
        worlds.append(world())
        for table in reversed(db.metadata.sorted_tables):
            if table.name != "roles":
                db.session.execute(table.delete())
        db.session.commit()
    assert worlds[0] == worlds[1] != worlds[2]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--posts", 5], "no users yet"),
        (["--comments", 5], "no users yet"),
        (["--users", 2, "--comments", 5], "no posts yet"),
        (["--users", 2, "--follows", 5], "cannot follow each other 5 times"),
        (["--follows", 1], "0 people cannot follow"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_reason(fake, arguments, reason):
    result = fake(*arguments)
    assert result.exit_code == 1
    assert f"Error: {reason}" in result.output or reason in result.output
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("option", ["--users", "--posts", "--comments", "--follows"])
@pytest.mark.parametrize("number", [-1, "many", 1.5])
def test_a_number_that_is_none_is_refused(fake, option, number):
    assert fake(option, number).exit_code == 2


def test_the_command_explains_itself(fake):
    text = fake("--help").output
    for option in ("--users", "--posts", "--comments", "--follows", "--seed"):
        assert option in text


def test_a_database_without_tables_is_told_in_plain_words(app_without_tables):
    result = app_without_tables.test_cli_runner().invoke(args=["fake", "--users", "3"])
    assert result.exit_code == 1
    assert "flask deploy" in result.output
    assert "Traceback" not in result.output
