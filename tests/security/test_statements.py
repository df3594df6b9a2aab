"""What a page costs the database does not grow with what it shows (contract K12; 64)."""

import pytest

from app.extensions import db
from app.models import Comment, Follow, Post, Role, User

FEW, MANY = 3, 30
SIGNED_OUT, SIGNED_IN = 4, 6  # statements at most

LISTS = (
    "/",
    "/?page=2",
    "/user/author",
    "/user/author?page=2",
    "/post/{post}",
    "/post/{post}?page=-1",
    "/followers/author",
    "/followed_by/author",
    "/followers/author?page=2",
    "/followed_by/author?page=2",
)
OTHERS = (
    "/auth/login",
    "/auth/register",
    "/auth/reset",
    "/appearance",
    "/nowhere",
    "/user/nobody",
    "/post/999999999",
)
FOR_MEMBERS = (
    "/edit-profile",
    "/auth/sessions",
    "/auth/change-password",
    "/auth/change_email",
    "/auth/delete-account",
    "/auth/unconfirmed",
)
FOR_STAFF = (
    "/moderate",
    "/moderate?page=2",
    "/edit/{post}",
    "/post/{post}/delete",
    "/comment/{comment}/delete",
    "/edit-profile/{author}",
)


@pytest.fixture
def fill(app, make_user):
    """Give a post by the author `count` comments, the author `count` followers, and so on."""
    author = make_user("author")
    role_id = Role.named("User").id
    post = Post(body="the post", author=author)
    db.session.add(post)

    def add(count):
        for _ in range(count):
            # Everybody has the author's hash, because hashing is slow on purpose.
            person = User(confirmed=True, role_id=role_id)
            person.password_hash = author.password_hash
            db.session.add(person)
            db.session.flush()
            person.username = f"person{person.id}"
            db.session.add_all(
                [
                    Post(body="another post", author=author),
                    Post(body="of many", author=person),
                    Comment(body="a comment", author=person, post=post),
                ]
            )
            person.follow(author)
            author.follow(person)
        db.session.commit()
        comment_id = db.session.query(Comment.id).first()[0]
        return {"post": post.id, "author": author.id, "comment": comment_id}

    return add


@pytest.fixture
def cost(app, statements):
    """Return how many statements a page needs that nobody has seen yet, BEGIN left out."""

    def measure(browser, path):
        app.extensions["fragments"].clear()
        with statements() as seen:
            response = browser.get(path)
        assert response.status_code in (200, 302, 404), path
        return len([text for text in seen if not text.startswith("BEGIN")])

    return measure


def compare(browser, paths, fill, cost, limit) -> None:
    ids = fill(FEW)
    few = {path: cost(browser, path.format(**ids)) for path in paths}
    fill(MANY - FEW)
    many = {path: cost(browser, path.format(**ids)) for path in paths}
    assert few == many
    assert {path: number for path, number in many.items() if number > limit} == {}


@pytest.fixture(autouse=True)
def two_pages_of_few(app):
    """Even the short lists have a second page, so that both measure the same work."""
    for name in ("POSTS", "COMMENTS", "FOLLOWERS"):
        app.config[f"FLASKY_{name}_PER_PAGE"] = 2


def test_a_strangers_pages_cost_the_same_however_much_there_is(client, fill, cost):
    compare(client, LISTS + OTHERS, fill, cost, SIGNED_OUT)


def test_a_users_pages_cost_the_same_however_much_there_is(browser_of, ann, fill, cost):
    compare(browser_of(ann), LISTS + OTHERS + FOR_MEMBERS, fill, cost, SIGNED_IN)


def test_an_administrators_pages_cost_the_same_however_much_there_is(
    browser_of, administrator, fill, cost
):
    pages = LISTS + OTHERS + FOR_MEMBERS + FOR_STAFF
    compare(browser_of(administrator), pages, fill, cost, SIGNED_IN)


def test_the_posts_of_those_one_follows_cost_the_same_however_many(
    browser_of, make_user, fill, cost
):
    reader = make_user()
    browser = browser_of(reader)
    browser.set_cookie("show_followed", "1")

    def follow_all():
        for user in db.session.query(User):
            reader.follow(user)
        db.session.commit()

    fill(FEW)
    follow_all()
    few = cost(browser, "/")
    fill(MANY - FEW)
    follow_all()
    assert cost(browser, "/") == few <= SIGNED_IN
    assert db.session.query(Follow).count() > 4 * MANY


def test_full_pages_of_thirty_cost_what_pages_of_three_do(app, browser_of, moderator, fill, cost):
    ids = fill(MANY)
    browser = browser_of(moderator)
    paths = [path.format(**ids) for path in (*LISTS, "/moderate")]

    def costs(size):
        for name in ("POSTS", "COMMENTS", "FOLLOWERS"):
            app.config[f"FLASKY_{name}_PER_PAGE"] = size
        return [cost(browser, path) for path in paths if "page=2" not in path]

    assert costs(FEW) == costs(MANY)


def test_an_own_session_is_found_with_its_user_and_role_in_one_statement(browser_of, ann, cost):
    assert cost(browser_of(ann), "/appearance") == 1


def test_static_files_ask_the_database_nothing(browser_of, ann, statements):
    browser = browser_of(ann)
    with statements() as seen, browser.get("/static/favicon.svg") as response:
        assert response.status_code == 200
    assert seen == []


def test_the_page_of_ones_sessions_costs_the_same_for_one_and_for_ten(browser_of, ann, cost):
    browser = browser_of(ann)
    one = cost(browser, "/auth/sessions")
    for _ in range(9):
        ann.start_session()
    db.session.commit()
    assert cost(browser, "/auth/sessions") == one
