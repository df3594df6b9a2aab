"""What several people, or one impatient person, do at the same moment (contract K6, K17)."""

from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import Context
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.extensions import db
from app.models import Comment, Follow, Post, Role, User
from app.models.counters import recount
from app.models.publishing import publish_once
from tests.web.page import Page

THREADS = 4


@pytest.fixture
def app(app_with, shared_database):
    """The site with a database that gives every request a connection of its own."""
    app = app_with(SQLALCHEMY_DATABASE_URI=shared_database)
    app.test_client_class = FlaskClient
    return app


@pytest.fixture
def make(app):
    def make_user(username, role="User"):
        user = User(
            username=username,
            email=f"{username}@example.com",
            password="cat",
            confirmed=True,
            role=Role.named(role),
        )
        db.session.add(user)
        db.session.commit()
        return user

    return make_user


@pytest.fixture
def browser_of(app):
    def log_in(user):
        browser = app.test_client()
        form = {"email": user.email, "password": "cat"}
        db.session.rollback()
        # In a context of its own, as in the threads below: it shares nothing with the test.
        answer = Context().run(browser.post, "/auth/login", data=form)
        assert answer.status_code == 302
        return browser

    return log_in


def all_at_once(*requests):
    """Send the requests, each in a thread of its own, and return the answers."""
    start = Barrier(len(requests))

    def send(request):
        start.wait(30)
        return request()

    db.session.rollback()
    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def registration(app, username, email):
    form = {"username": username, "email": email, "password": "cat", "password2": "cat"}
    return lambda: app.test_client().post("/auth/register", data=form)


def test_of_people_who_take_the_same_name_one_gets_it_and_the_others_are_told(app):
    names = ("ann", "Ann", "ANN", "aNN")
    answers = all_at_once(
        *(registration(app, name, f"{number}@example.com") for number, name in enumerate(names))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [302]
    for answer in answers:
        if answer.status_code == 200:
            assert Page.of(answer).errors("username") == ["Username already in use."]
    assert db.session.query(User).count() == 1


def test_of_people_who_take_the_same_address_one_gets_it_and_none_learns_it(app, outbox):
    answers = all_at_once(
        *(registration(app, f"user{number}", "ann@example.com") for number in range(THREADS))
    )
    assert {answer.location for answer in answers} == {"/auth/login"}
    assert db.session.query(User).count() == 1
    subjects = sorted(mail.subject for mail in outbox)
    assert subjects == ["[Flasky] Confirm Your Account"] + ["[Flasky] You Have an Account"] * 3


def test_a_form_sent_several_times_at_once_makes_one_post(make, browser_of):
    browser = browser_of(make("ann"))
    cookies = browser.get_cookie("session").value
    form = {"body": "Once", "submission": "0" * 36}

    def send():
        copy = browser.application.test_client()
        copy.set_cookie("session", cookies)
        return copy.post("/", data=form)

    answers = all_at_once(*[send] * THREADS)
    assert {answer.location for answer in answers} == {"/"}
    assert db.session.query(Post).count() == 1
    assert db.session.query(User).one().post_count == 1


def test_several_people_comment_at_once_and_every_comment_counts(make, browser_of):
    author = make("author")
    post = Post(body="x", author=author)
    db.session.add(post)
    db.session.commit()
    path = f"/post/{post.id}"
    browsers = [browser_of(make(f"user{number}")) for number in range(THREADS)]
    answers = all_at_once(*(lambda b=b: b.post(path, data={"body": "y"}) for b in browsers))
    assert {answer.status_code for answer in answers} == {302}
    assert db.session.query(Comment).count() == THREADS
    assert db.session.query(Post).one().comment_count == THREADS


def test_what_is_written_while_counters_are_recounted_counts(app, make):
    ann = make("ann")
    db.session.execute(update(User).values(post_count=7))
    db.session.commit()

    def recounting():
        with app.app_context():
            recount(User, 1)
            db.session.commit()

    publish_once(Post, author=ann, submission=None, body="x")  # and does not commit yet
    with ThreadPoolExecutor(1) as pool:
        night = pool.submit(Context().run, recounting)
        wait([night], timeout=0.5)
        db.session.commit()
        night.result(30)
    db.session.refresh(ann)
    assert ann.post_count == 1


def a_post_with_a_comment(author):
    post = Post(body="x", author=author)
    db.session.add_all([post, Comment(body="y", author=author, post=post)])
    db.session.commit()
    return post.id, db.session.query(Comment.id).scalar()


def figures_are_true(author):
    db.session.expire_all()
    posts, comments = db.session.query(Post).count(), db.session.query(Comment).count()
    assert (author.post_count, author.comment_count) == (posts, comments)
    assert sum(post.comment_count for post in db.session.query(Post)) == comments


@pytest.mark.parametrize("what", ["post", "comment"])
def test_what_several_people_delete_at_once_is_subtracted_once(make, browser_of, what):
    author = make("author")
    ids = dict(zip(("post", "comment"), a_post_with_a_comment(author), strict=True))
    browsers = [browser_of(make(f"adm{number}", "Administrator")) for number in range(THREADS)]
    path = f"/{what}/{ids[what]}/delete"
    answers = all_at_once(*(lambda b=b: b.post(path) for b in browsers))
    assert sorted(answer.status_code for answer in answers) == [302] + [404] * 3
    figures_are_true(author)


def test_a_post_is_deleted_while_its_comment_is(make, browser_of):
    author = make("author")
    post_id, comment_id = a_post_with_a_comment(author)
    browsers = [browser_of(make(f"adm{number}", "Administrator")) for number in range(2)]
    answers = all_at_once(
        lambda: browsers[0].post(f"/post/{post_id}/delete"),
        lambda: browsers[1].post(f"/comment/{comment_id}/delete"),
    )
    assert answers[0].status_code == 302
    assert answers[1].status_code in (302, 404)
    figures_are_true(author)


def test_a_post_is_deleted_while_somebody_comments(make, browser_of):
    author = make("author")
    post_id, _ = a_post_with_a_comment(author)
    browsers = [browser_of(author), browser_of(make("bob")), browser_of(make("carl"))]
    path = f"/post/{post_id}"
    answers = all_at_once(
        lambda: browsers[0].post(f"{path}/delete"),
        *(lambda b=b: b.post(path, data={"body": "z"}) for b in browsers[1:]),
    )
    assert answers[0].status_code == 302
    assert {answer.status_code for answer in answers[1:]} <= {302, 404}
    figures_are_true(author)
    assert {user.comment_count for user in db.session.query(User)} == {0}


def test_somebody_leaves_while_they_write_elsewhere(make, browser_of):
    ann = make("ann")
    a_post_with_a_comment(make("author"))
    post_id = db.session.query(Post.id).scalar()
    browsers = [browser_of(ann) for _ in range(3)]
    answers = all_at_once(
        lambda: browsers[0].post("/auth/delete-account", data={"password": "cat"}),
        lambda: browsers[1].post("/", data={"body": "x"}),
        lambda: browsers[2].post(f"/post/{post_id}", data={"body": "x"}),
    )
    assert {answer.status_code for answer in answers} <= {302, 401}
    author = db.session.query(User).filter_by(username="author").one()
    assert db.session.query(User).count() == 1
    figures_are_true(author)


def test_a_double_click_on_follow_follows_once(make, browser_of):
    ann, bob = make("ann"), make("bob")
    browsers = [browser_of(ann) for _ in range(THREADS)]
    answers = all_at_once(*(lambda b=b: b.post("/follow/bob") for b in browsers))
    assert {answer.location for answer in answers} == {"/user/bob"}
    assert db.session.query(Follow).count() == 3  # each follows themselves, too
    db.session.refresh(bob)
    assert bob.follower_count == 1


def test_two_administrators_who_demote_each_other_do_not_both_succeed(make, browser_of):
    people = [make("ann", "Administrator"), make("bob", "Administrator")]
    browsers = [browser_of(person) for person in people]

    def demotion(browser, person):
        form = {"username": person.username, "email": person.email, "confirmed": "y"}
        form["role"] = Role.named("User").id
        path = f"/edit-profile/{person.id}"
        return lambda: browser.post(path, data=form)

    answers = all_at_once(
        demotion(browsers[0], people[1]),
        demotion(browsers[1], people[0]),
    )
    assert all(answer.status_code < 500 for answer in answers)
    db.session.expire_all()
    assert [person.is_administrator() for person in people].count(True) == 1


def test_two_administrators_who_leave_at_once_do_not_both_succeed(make, browser_of):
    people = [make("ann", "Administrator"), make("bob", "Administrator")]
    browsers = [browser_of(person) for person in people]
    form = {"password": "cat"}
    answers = all_at_once(
        *(lambda b=b: b.post("/auth/delete-account", data=form) for b in browsers)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert db.session.query(User).count() == 1


def test_two_people_who_move_to_the_same_address_do_not_both_succeed(make, browser_of):
    people = [make("ann"), make("bob")]
    links = [
        f"/auth/change_email/{person.generate_email_change_token('new@example.com')}"
        for person in people
    ]
    browsers = [browser_of(person) for person in people]
    answers = all_at_once(
        *(lambda b=b, link=link: b.get(link) for b, link in zip(browsers, links, strict=True))
    )
    assert {answer.location for answer in answers} == {"/"}
    assert db.session.query(User).filter_by(email="new@example.com").count() == 1


def test_a_reset_link_used_twice_at_once_sets_one_password(make, app):
    ann = make("ann")
    link = f"/auth/reset/{ann.generate_reset_token()}"
    answers = all_at_once(
        *(
            lambda p=p: app.test_client().post(link, data={"password": p, "password2": p})
            for p in ("dog", "bird")
        )
    )
    assert sorted(answer.location for answer in answers) == ["/auth/login", "/auth/reset"]
