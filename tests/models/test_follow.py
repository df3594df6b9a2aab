"""Who follows whom."""

import pytest
import time_machine
from sqlalchemy import delete, insert

from app.extensions import db
from app.lib.clock import utcnow
from app.models import AnonymousUser, Follow, User


def figures(*users):
    """Return followers and followed of each user, as the counters say after a commit."""
    db.session.commit()
    return [(user.follower_count, user.followed_count) for user in users]


def pairs():
    return {(row.follower_id, row.followed_id) for row in Follow.query}


def test_following_is_one_way(ann, bob):
    ann.follow(bob)
    db.session.commit()
    assert ann.is_following(bob)
    assert bob.is_followed_by(ann)
    assert not bob.is_following(ann)
    assert not ann.is_followed_by(bob)


def test_nobody_follows_anybody_else_from_the_start(ann, bob):
    assert not ann.is_following(bob)
    assert not ann.is_followed_by(bob)


def test_following_moves_both_counters(ann, bob):
    ann.follow(bob)
    assert figures(ann, bob) == [(0, 1), (1, 0)]


def test_following_twice_is_following_once(ann, bob):
    ann.follow(bob)
    ann.follow(bob)
    db.session.commit()
    ann.follow(bob)
    assert figures(ann, bob) == [(0, 1), (1, 0)]
    assert ann.followed.count() == 2


def test_unfollowing_undoes_it(ann, bob):
    ann.follow(bob)
    db.session.commit()
    ann.unfollow(bob)
    assert figures(ann, bob) == [(0, 0), (0, 0)]
    assert not ann.is_following(bob)
    assert Follow.query.count() == 2


def test_unfollowing_twice_is_unfollowing_once(ann, bob):
    ann.follow(bob)
    ann.unfollow(bob)
    ann.unfollow(bob)
    assert figures(ann, bob) == [(0, 0), (0, 0)]


def test_unfollowing_whom_one_does_not_follow_changes_nothing(ann, bob):
    bob.follow(ann)
    ann.unfollow(bob)
    assert figures(ann, bob) == [(1, 0), (0, 1)]


def test_nobody_can_unfollow_themselves(ann):
    ann.unfollow(ann)
    assert figures(ann) == [(0, 0)]
    assert ann.is_following(ann)


def test_following_oneself_again_changes_nothing(ann):
    ann.follow(ann)
    assert figures(ann) == [(0, 0)]
    assert ann.followed.count() == 1


def test_a_missing_self_follow_comes_back_and_counts_for_nothing(ann):
    db.session.execute(delete(Follow))
    ann.follow(ann)
    assert figures(ann) == [(0, 0)]
    assert ann.is_following(ann)


def test_both_lists_hold_the_rows_with_both_ends_and_the_time(ann, bob):
    with time_machine.travel(utcnow().timestamp() + 60, tick=False):
        ann.follow(bob)
        now = utcnow()
    db.session.commit()
    row = ann.followed.filter_by(followed_id=bob.id).one()
    assert (row.follower, row.followed, row.timestamp) == (ann, bob, now)
    assert bob.followers.filter_by(follower_id=ann.id).one() is row


def test_the_newest_row_of_either_list_comes_last(ann, bob):
    ann.follow(bob)
    db.session.commit()
    assert ann.followed.all()[-1].followed == bob
    assert bob.followers.all()[-1].follower == ann


def test_both_ends_of_a_row_come_with_it(ann, bob, statements):
    ann.follow(bob)
    db.session.commit()
    db.session.expunge_all()
    db.session.connection()
    with statements() as seen:
        names = {(row.follower.username, row.followed.username) for row in Follow.query}
    assert names == {("ann", "ann"), ("ann", "bob"), ("bob", "bob")}
    assert len(seen) == 1


def test_following_takes_effect_before_the_commit_for_whoever_asks(ann, bob):
    ann.follow(bob)
    assert ann.is_following(bob)
    assert (ann.followed_count, bob.follower_count) == (1, 1)
    db.session.rollback()
    assert not ann.is_following(bob)
    assert (ann.followed_count, bob.follower_count) == (0, 0)


@pytest.mark.parametrize("stranger", [User, AnonymousUser])
def test_somebody_without_an_id_is_in_no_list(ann, stranger):
    assert ann.is_following(stranger()) is False
    assert ann.is_followed_by(stranger()) is False


def test_unfollowing_somebody_without_an_id_changes_nothing(ann):
    ann.unfollow(User())
    assert figures(ann) == [(0, 0)]


def test_people_who_were_not_saved_yet_can_follow_each_other(app):
    ann, bob = User(username="ann"), User(username="bob")
    ann.follow(bob)
    assert figures(ann, bob) == [(0, 1), (1, 0)]
    assert ann.is_following(ann)
    assert bob.is_following(bob)


def test_somebody_new_can_follow_and_be_followed(ann):
    new = User(username="new")
    new.follow(ann)
    newer = User(username="newer")
    ann.follow(newer)
    assert figures(ann, new, newer) == [(1, 1), (0, 1), (1, 0)]


def test_rows_made_in_code_count_as_well(ann, bob):
    db.session.add(Follow(follower=ann, followed=bob))
    assert figures(ann, bob) == [(0, 1), (1, 0)]
    bob.followed.append(Follow(followed=ann))
    assert figures(ann, bob) == [(1, 1), (1, 1)]
    ann.followed.remove(ann.followed.filter_by(followed_id=bob.id).one())
    assert figures(ann, bob) == [(1, 0), (0, 1)]
    db.session.delete(bob.followed.filter_by(followed_id=ann.id).one())
    assert figures(ann, bob) == [(0, 0), (0, 0)]


def test_a_user_who_is_deleted_leaves_all_lists(ann, bob, make_user):
    cy = make_user("cy")
    ann.follow(bob)
    bob.follow(cy)
    cy.follow(bob)
    cy.follow(ann)
    db.session.commit()
    db.session.delete(bob)
    assert figures(ann, cy) == [(1, 0), (0, 1)]
    assert pairs() == {(ann.id, ann.id), (cy.id, cy.id), (cy.id, ann.id)}


def test_many_can_be_followed_within_one_transaction(ann, make_user):
    others = [make_user() for _ in range(5)]
    for other in others:
        ann.follow(other)
        other.follow(ann)
    assert figures(ann, *others) == [(5, 5)] + [(1, 1)] * 5
    for other in others:
        ann.unfollow(other)
    assert figures(ann, *others) == [(5, 0)] + [(0, 1)] * 5


def test_a_counter_is_moved_by_the_database_and_not_overwritten(ann, bob, make_user):
    """Somebody else may follow bob between our reading the figure and our writing it."""
    cy = make_user("cy")
    assert bob.follower_count == 0
    users = User.__table__
    db.session.execute(insert(Follow.__table__).values(follower_id=cy.id, followed_id=bob.id))
    db.session.execute(users.update().where(users.c.id == bob.id).values(follower_count=1))
    ann.follow(bob)
    assert figures(bob) == [(2, 0)]


# --- Self-follows --------------------------------------------------------------------------


def test_missing_self_follows_are_added(ann, bob):
    db.session.execute(delete(Follow))
    db.session.commit()
    assert not ann.is_following(ann)
    User.add_self_follows()
    assert figures(ann, bob) == [(0, 0), (0, 0)]
    assert pairs() == {(ann.id, ann.id), (bob.id, bob.id)}
    assert all(row.timestamp is not None for row in Follow.query)


def test_adding_self_follows_again_changes_nothing(ann, bob):
    ann.follow(bob)
    db.session.commit()
    before = [(row.follower_id, row.followed_id, row.timestamp) for row in Follow.query]
    User.add_self_follows()
    db.session.commit()
    assert [(row.follower_id, row.followed_id, row.timestamp) for row in Follow.query] == before


def test_adding_self_follows_takes_one_statement_for_everybody(ann, bob, make_user, statements):
    make_user()
    db.session.execute(delete(Follow))
    with statements() as seen:
        User.add_self_follows()
    assert len(seen) == 1
    assert Follow.query.count() == 3
