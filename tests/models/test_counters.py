"""The counters tell the truth, whichever way rows are made or deleted."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from sqlalchemy import insert, update

from app import create_app
from app.extensions import db
from app.models import Comment, Follow, Post, User
from app.models import counters as module
from app.models.account_closure import close_account
from app.models.publishing import publish_once
from tests.models.truth import counters, counts, recount


def check():
    db.session.commit()
    assert counters() == counts()


# --- One way at a time ---------------------------------------------------------------------


def test_a_post_counts_for_its_author(ann, make_post):
    make_post(author=ann)
    make_post(author=ann)
    assert ann.post_count == 2
    check()


@pytest.mark.parametrize("how", ["relation", "key", "append", "keyword"])
def test_every_way_to_make_a_post_counts(ann, how):
    if how == "relation":
        db.session.add(Post(body="x", author=ann))
    elif how == "key":
        db.session.add(Post(body="x", author_id=ann.id))
    elif how == "append":
        ann.posts.append(Post(body="x"))
    else:
        db.session.add(User(username="cy", posts=[Post(body="x")]))
    check()
    assert sum(user.post_count for user in User.query) == 1


def test_the_last_post_of_somebody_is_known_when_it_changes(ann, bob, make_post):
    first, second = make_post(author=ann), make_post(author=ann)
    assert ann.last_post_at == second.timestamp
    second.author = bob
    check()
    assert (ann.last_post_at, bob.last_post_at) == (first.timestamp, second.timestamp)
    first.timestamp = second.timestamp + timedelta(days=1)
    check()
    db.session.delete(first)
    check()
    assert ann.last_post_at is None


def test_a_post_without_an_author_counts_for_nobody(ann):
    db.session.add(Post(body="x"))
    check()
    assert ann.post_count == 0


def test_deleting_a_post_counts_for_everybody_who_wrote_there(ann, bob, make_post, make_comment):
    post = make_post(author=ann)
    make_comment(post=post, author=bob)
    make_comment(post=post, author=ann)
    db.session.delete(post)
    check()
    assert (ann.post_count, ann.comment_count, bob.comment_count) == (0, 0, 0)
    assert Comment.query.count() == 0


def test_a_post_that_is_handed_over_counts_for_its_new_author(ann, bob, make_post):
    first, second = make_post(author=ann), make_post(author=ann)
    first.author = bob
    second.author_id = bob.id
    check()
    assert (ann.post_count, bob.post_count) == (0, 2)
    bob.posts.filter_by(id=first.id).one().author = None
    check()
    assert bob.post_count == 1


def test_a_post_that_leaves_the_list_of_its_author_keeps_its_comments(
    ann, bob, make_post, make_comment
):
    post = make_post(author=ann)
    make_comment(post=post, author=bob)
    make_comment(post=post, author=ann)
    ann.posts.remove(post)
    check()
    assert (post.author, post.comment_count) == (None, 2)
    assert (ann.post_count, ann.comment_count, bob.comment_count) == (0, 1, 1)


def test_an_author_that_comes_later_counts(ann):
    post = Post(body="x")
    db.session.add(post)
    db.session.flush()
    post.author = ann
    check()
    assert ann.post_count == 1


def test_a_change_of_text_counts_for_nothing(ann, make_post):
    make_post(author=ann).body = "another text"
    check()
    assert ann.post_count == 1


@pytest.mark.parametrize("how", ["relation", "key", "append"])
def test_every_way_to_make_a_comment_counts(ann, make_post, how):
    post = make_post()
    if how == "relation":
        db.session.add(Comment(body="x", author=ann, post=post))
    elif how == "key":
        db.session.add(Comment(body="x", author_id=ann.id, post_id=post.id))
    else:
        post.comments.append(Comment(body="x", author=ann))
    check()
    assert (ann.comment_count, post.comment_count) == (1, 1)


@pytest.mark.parametrize("how", ["session", "author", "post"])
def test_every_way_to_delete_a_comment_counts(ann, make_post, make_comment, how):
    post = make_post()
    comment = make_comment(author=ann, post=post)
    if how == "session":
        db.session.delete(comment)
    elif how == "author":
        ann.comments.remove(comment)
    else:
        post.comments.remove(comment)
    check()
    assert Comment.query.count() == 0
    assert (ann.comment_count, post.comment_count) == (0, 0)


def test_a_comment_that_is_moved_counts_where_it_stands(ann, make_post, make_comment):
    here, there = make_post(), make_post()
    comment = make_comment(author=ann, post=here)
    comment.post = there
    check()
    assert (here.comment_count, there.comment_count) == (0, 1)


def test_disabling_a_comment_leaves_it_counted(ann, make_comment):
    make_comment(author=ann).disable()
    check()
    assert ann.comment_count == 1


def test_what_is_rolled_back_counts_for_nothing(ann, bob, make_post):
    post = make_post(author=ann)
    db.session.add(Post(body="x", author=ann))
    db.session.add(Comment(body="x", author=bob, post=post))
    ann.follow(bob)
    db.session.flush()
    db.session.rollback()
    check()
    assert (ann.post_count, post.comment_count, bob.comment_count) == (1, 0, 0)


def test_a_row_and_its_counter_are_one_transaction(ann, statements):
    with statements() as seen:
        db.session.add(Post(body="x", author=ann))
        db.session.commit()
    written = [text.split()[0] for text in seen if text.startswith(("INSERT", "UPDATE"))]
    assert written == ["UPDATE", "INSERT", "INSERT"]  # the author, the post, the total
    assert [text for text in seen if text.startswith("COMMIT")] == []


def test_deleting_a_user_counts_for_everybody_who_stays(ann, bob, make_post, make_comment):
    make_comment(author=bob, post=make_post(author=ann))
    make_comment(author=ann, post=make_post(author=bob))
    make_comment(author=ann, post=make_post(author=ann))
    ann.follow(bob)
    bob.follow(ann)
    db.session.commit()
    db.session.delete(ann)
    check()
    assert (bob.post_count, bob.comment_count, bob.follower_count, bob.followed_count) == (
        1, 0, 0, 0,
    )  # fmt: skip
    assert Post.query.one().comment_count == 0


# --- Recounting ----------------------------------------------------------------------------


def test_recounting_repairs_what_went_astray(ann, bob, make_post, make_comment):
    make_comment(author=bob, post=make_post(author=ann))
    ann.follow(bob)
    db.session.commit()
    db.session.execute(
        update(User).values(post_count=7, comment_count=7, follower_count=7, followed_count=7)
    )
    db.session.execute(update(Post).values(comment_count=-1))
    db.session.commit()
    assert counters() != counts()
    recount()
    check()
    assert (ann.post_count, bob.comment_count, bob.follower_count, ann.followed_count) == (
        1, 1, 1, 1,
    )  # fmt: skip


def test_recounting_counts_what_was_inserted_in_bulk(ann, bob):
    db.session.execute(insert(Post), [{"author_id": ann.id}] * 3)
    db.session.execute(insert(Follow), [{"follower_id": ann.id, "followed_id": bob.id}])
    recount()
    check()
    assert (ann.post_count, ann.followed_count, bob.follower_count) == (3, 1, 1)


def test_recounting_goes_from_some_rows_to_the_next(ann, bob, make_post, monkeypatch):
    monkeypatch.setattr(module, "_SOME", 2)
    cy = User(username="cy")
    db.session.add(cy)
    db.session.flush()
    people = sorted([ann.id, bob.id, cy.id])
    db.session.execute(update(User).values(post_count=7))
    db.session.commit()
    assert module.recount(User, people[0]) == people[2]
    assert [db.session.get(User, number).post_count for number in people] == [0, 0, 7]
    assert module.recount(User, people[2]) is None
    check()


def test_recounting_does_not_commit(ann):
    db.session.execute(update(User).values(post_count=7))
    db.session.commit()
    recount()
    db.session.rollback()
    assert ann.post_count == 7


def test_recounting_takes_as_many_statements_for_more_rows(make_post, make_comment, statements):
    def statements_taken():
        with statements() as seen:
            recount()
        return len(seen)

    few = statements_taken()
    for _ in range(5):
        make_comment(post=make_post())
    assert statements_taken() == few


# --- Everything at once --------------------------------------------------------------------


@pytest.fixture(scope="module")
def site():
    """An application with a database of its own, since the machine starts over many times."""
    app = create_app("testing")
    with app.app_context():
        db.create_all()
    return app


class Life(RuleBasedStateMachine):
    """People come, follow, write and go, in any order; committed or not."""

    app = None
    people, posts, comments = Bundle("people"), Bundle("posts"), Bundle("comments")

    def __init__(self):
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.model = {"pairs": set(), "people": set(), "posts": {}, "comments": {}}

    def teardown(self):
        db.session.rollback()
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()
        self.context.pop()

    @rule(target=people)
    def somebody_comes(self):
        user = User()
        db.session.add(user)
        db.session.flush()
        self.model["people"].add(user.id)
        return user.id

    @rule(follower=people, followed=people)
    def follow(self, follower, followed):
        if {follower, followed} <= self.model["people"]:
            db.session.get(User, follower).follow(db.session.get(User, followed))
            self.model["pairs"].add((follower, followed))

    @rule(follower=people, followed=people)
    def unfollow(self, follower, followed):
        if {follower, followed} <= self.model["people"]:
            db.session.get(User, follower).unfollow(db.session.get(User, followed))
            if follower != followed:
                self.model["pairs"].discard((follower, followed))

    @rule(target=posts, author=people, mark=st.none() | st.sampled_from("0123"))
    def write(self, author, mark):
        if author not in self.model["people"]:
            return -1
        user = db.session.get(User, author)
        publish_once(Post, author=user, submission=mark, body="x")
        newest = db.session.scalars(db.select(Post.id).order_by(Post.id.desc()).limit(1)).one()
        self.model["posts"].setdefault(newest, author)
        return newest

    @rule(target=comments, author=people, post=posts)
    def comment(self, author, post):
        if author not in self.model["people"] or post not in self.model["posts"]:
            return -1
        row = Comment(body="x", author_id=author, post_id=post)
        db.session.add(row)
        db.session.flush()
        self.model["comments"][row.id] = author, post
        return row.id

    @rule(comment=consumes(comments))
    def delete_comment(self, comment):
        if self.model["comments"].pop(comment, None):
            db.session.delete(db.session.get(Comment, comment))

    @rule(post=consumes(posts))
    def delete_post(self, post):
        if self.model["posts"].pop(post, None):
            db.session.delete(db.session.get(Post, post))
            self._forget_comments(lambda _author, where: where == post)

    @rule(post=posts, author=people)
    def hand_over(self, post, author):
        if post in self.model["posts"] and author in self.model["people"]:
            row = db.session.get(Post, post)
            row.author_id, row.submission = author, None  # the form was somebody else's
            self.model["posts"][post] = author

    @rule(person=consumes(people), verb=st.sampled_from(["close", "delete"]))
    def somebody_goes(self, person, verb):
        if person not in self.model["people"]:
            return
        user = db.session.get(User, person)
        if verb == "close":
            close_account(user)
            db.session.commit()
        else:
            db.session.delete(user)
            db.session.flush()
        self.model["people"].discard(person)
        self.model["pairs"] = {pair for pair in self.model["pairs"] if person not in pair}
        posts = self.model["posts"]
        gone = {post for post, author in posts.items() if author == person}
        self.model["posts"] = {post: posts[post] for post in posts.keys() - gone}
        self._forget_comments(lambda author, where: author == person or where in gone)

    @rule()
    def commit(self):
        db.session.commit()

    def _forget_comments(self, is_gone):
        self.model["comments"] = {
            comment: place
            for comment, place in self.model["comments"].items()
            if not is_gone(*place)
        }

    @invariant()
    def counters_are_what_counting_gives(self):
        db.session.flush()
        assert counters() == counts()

    @invariant()
    def the_rows_are_those_of_the_model(self):
        pairs = self.model["pairs"] | {(person, person) for person in self.model["people"]}
        rows = db.session.execute(db.select(Follow.follower_id, Follow.followed_id))
        assert set(map(tuple, rows)) == pairs
        posts = db.session.execute(db.select(Post.id, Post.author_id))
        assert dict(map(tuple, posts)) == self.model["posts"]
        assert set(db.session.scalars(db.select(Comment.id))) == self.model["comments"].keys()


def test_the_counters_survive_whatever_people_do(site):
    Life.app = site
    machine = Life.TestCase()
    machine.settings = settings(
        max_examples=20,
        stateful_step_count=30,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # thirty steps are short enough to be read
        suppress_health_check=list(HealthCheck),
    )
    machine.runTest()
