"""Who may do what: every question, asked for every kind of viewer and record."""

import pytest

from app.extensions import db
from app.models import AnonymousUser, Comment, Permission, Post, Role
from app.policies.comments import can_comment, can_delete_comment, can_delete_some, can_moderate
from app.policies.people import can_administer, can_follow
from app.policies.posts import can_change_some, can_delete_post, can_edit_post, can_write

VIEWERS = ["stranger", "roleless", "user", "moderator", "administrator"]

# Question: the viewers who may.
GENERAL = {
    can_follow: ["user", "moderator", "administrator"],
    can_comment: ["user", "moderator", "administrator"],
    can_write: ["user", "moderator", "administrator"],
    can_moderate: ["moderator", "administrator"],
    can_administer: ["administrator"],
}
# Question: the viewers who may with their own record, and with that of somebody else.
SPECIAL = {
    can_edit_post: (["user", "moderator", "administrator"], ["administrator"]),
    can_delete_post: (["roleless", "user", "moderator", "administrator"], ["administrator"]),
    can_delete_comment: (
        ["roleless", "user", "moderator", "administrator"],
        ["moderator", "administrator"],
    ),
}


@pytest.fixture
def people(make_user):
    people = {
        "stranger": AnonymousUser(),
        "roleless": make_user("roleless"),
        "user": make_user("user"),
        "moderator": make_user("moderator", role="Moderator"),
        "administrator": make_user("administrator", role="Administrator"),
    }
    people["roleless"].role = None
    db.session.commit()
    return people


def record_of(question, author):
    return (Comment if question is can_delete_comment else Post)(author=author)


@pytest.mark.parametrize("question", GENERAL, ids=lambda question: question.__name__)
def test_what_a_viewer_may_do_follows_from_the_role(people, question):
    assert [name for name in VIEWERS if question(people[name])] == GENERAL[question]


@pytest.mark.parametrize("question", SPECIAL, ids=lambda question: question.__name__)
def test_what_a_viewer_may_do_with_a_record_of_their_own(people, question):
    may = []
    for name in VIEWERS[1:]:
        record = record_of(question, people[name])
        db.session.add(record)
        db.session.commit()
        if question(people[name], record):
            may.append(name)
    assert may == SPECIAL[question][0]


@pytest.mark.parametrize("question", SPECIAL, ids=lambda question: question.__name__)
@pytest.mark.parametrize("author", ["somebody else", "nobody"])
def test_what_a_viewer_may_do_with_another_record(people, ann, question, author):
    """A record without an author is nobody's own, not even a stranger's."""
    record = record_of(question, ann if author == "somebody else" else None)
    db.session.add(record)
    db.session.commit()
    assert [name for name in VIEWERS if question(people[name], record)] == SPECIAL[question][1]


@pytest.mark.parametrize("question", [*GENERAL, *SPECIAL], ids=lambda question: question.__name__)
def test_an_answer_is_yes_or_no(people, question):
    for viewer in people.values():
        arguments = [record_of(question, None)] if question in SPECIAL else []
        assert question(viewer, *arguments) in (True, False)


@pytest.mark.parametrize(
    ("question", "permission"),
    [
        (can_follow, Permission.FOLLOW),
        (can_comment, Permission.COMMENT),
        (can_write, Permission.WRITE),
        (can_moderate, Permission.MODERATE),
        (can_administer, Permission.ADMIN),
    ],
)
def test_each_permission_opens_its_own_door_only(ann, question, permission):
    ann.role = Role(name="One", permissions=permission)
    assert question(ann)
    ann.role = Role(name="All but one", permissions=31 & ~permission)
    assert not question(ann)


@pytest.mark.parametrize(
    ("question", "one"), [(can_change_some, can_delete_post), (can_delete_some, can_delete_comment)]
)
def test_among_many_records_one_is_enough(people, ann, question, one):
    other = Post(author_id=ann.id)
    for viewer in people.values():
        own = Post(author_id=viewer.id)
        assert question(viewer, [other, own]) == one(viewer, own)
        assert question(viewer, [other]) == one(viewer, other)
        assert not question(viewer, [])
