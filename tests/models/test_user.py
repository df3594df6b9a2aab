"""People, and the stranger who is not one of them."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy.exc import IntegrityError

from app.extensions import db, login_manager
from app.lib.clock import utcnow
from app.models import AnonymousUser, Job, Permission, Post, Role, User

ALL = [1, 2, 4, 8, 16]


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def save(*rows):
    db.session.add_all(rows)
    db.session.commit()


# --- Being built ---------------------------------------------------------------------------


def test_a_user_needs_neither_address_nor_name(app):
    user = User()
    save(user)
    assert (user.email, user.username, user.avatar_hash) == (None, None, None)


def test_many_users_may_lack_both(app):
    save(User(), User(), User())
    assert User.query.count() == 3


def test_a_new_user_is_not_confirmed(app):
    user = User()
    save(user)
    assert user.confirmed is False


def test_an_address_brings_its_avatar_hash():
    assert User(email="john@example.com", role=Role()).avatar_hash == md5("john@example.com")


def test_an_avatar_hash_that_is_given_stays():
    assert User(email="a@example.com", avatar_hash="0" * 32, role=Role()).avatar_hash == "0" * 32


def test_addresses_are_kept_in_lower_case(app):
    user = User(email="John@Example.COM")
    save(user)
    assert user.email == "john@example.com"
    assert user.avatar_hash == md5("john@example.com")


def test_everybody_follows_themselves_from_the_start(app):
    user = User()
    save(user)
    assert user.is_following(user)
    assert user.is_followed_by(user)
    assert [row.followed for row in user.followed] == [user]
    assert [row.follower for row in user.followers] == [user]


def test_the_self_follow_is_in_no_counter(app):
    user = User()
    save(user)
    assert (user.follower_count, user.followed_count) == (0, 0)


def test_times_default_to_now_in_utc(app):
    with time_machine.travel(1_700_000_000, tick=False):
        user = User()
        save(user)
        assert user.member_since == user.last_seen == utcnow()
        assert user.member_since.tzinfo is None


def test_two_users_cannot_share_an_address_in_whatever_case(app, make_user):
    make_user("ann", email="a@example.com")
    with pytest.raises(IntegrityError):
        make_user("bob", email="A@Example.com")


@pytest.mark.parametrize("name", ["ann", "Ann", "ANN"])
def test_two_users_cannot_share_a_name_in_whatever_case(app, make_user, name):
    make_user("ann")
    with pytest.raises(IntegrityError):
        make_user(name, email="other@example.com")


def test_a_name_that_was_given_up_is_free_again(app, make_user, ann):
    ann.username = None
    db.session.commit()
    assert make_user("Ann", email="another@example.com").username == "Ann"


def test_a_user_shows_their_name():
    assert repr(User(username="john", role=Role())) == "<User 'john'>"


# --- Roles at construction -----------------------------------------------------------------


def test_a_new_user_gets_the_default_role(app):
    assert User(email="john@example.com").role.name == "User"


def test_the_default_role_is_the_one_that_is_marked_so(app):
    Role.named("User").default = False
    Role.named("Moderator").default = True
    assert User().role.name == "Moderator"


def test_an_explicit_role_wins(app):
    role = Role.named("Moderator")
    by_role, by_id = User(role=role), User(role_id=role.id)
    save(by_role, by_id)
    assert by_role.role is by_id.role is role


def test_an_explicit_role_wins_over_the_address_of_the_administrator(app):
    app.config["FLASKY_ADMIN"] = "admin@example.com"
    user = User(email="admin@example.com", confirmed=True, role=Role.named("Moderator"))
    save(user)
    assert user.role.name == "Moderator"


def test_a_role_that_comes_by_itself_can_be_exchanged_or_taken_away(app):
    promoted, stripped = User(username="promoted"), User(username="stripped")
    promoted.role, stripped.role = Role.named("Moderator"), None
    save(promoted, stripped)
    assert promoted.role.name == "Moderator"
    assert (stripped.role, stripped.role_id) == (None, None)


def test_users_that_are_never_added_leave_nothing_behind(app):
    users = [User(email=f"u{number}@example.com") for number in range(3)]
    assert [user.role.name for user in users] == ["User"] * 3
    db.session.commit()
    assert Role.named("User").users.count() == User.query.count() == 0


def test_without_roles_there_is_none(app):
    Role.query.delete()
    user = User(email="john@example.com")
    save(user)
    assert user.role is None
    assert [user.can(perm) for perm in ALL] == [False] * 5
    assert not user.is_administrator()


def test_without_roles_the_administrator_has_none_either(app):
    Role.query.delete()
    app.config["FLASKY_ADMIN"] = "admin@example.com"
    assert User(email="admin@example.com", confirmed=True).role is None


@pytest.mark.parametrize("admin", ["admin@example.com", "Admin@Example.com"])
@pytest.mark.parametrize("email", ["admin@example.com", "ADMIN@example.com"])
def test_the_confirmed_address_of_the_administrator_brings_the_role(app, admin, email):
    app.config["FLASKY_ADMIN"] = admin
    assert User(email=email, confirmed=True).role.name == "Administrator"


def test_an_address_that_was_merely_typed_brings_nothing(app):
    app.config["FLASKY_ADMIN"] = "admin@example.com"
    assert User(email="admin@example.com").role.name == "User"
    assert User(email="admin@example.com", confirmed=False).role.name == "User"


@pytest.mark.parametrize("admin", [None, "", "somebody.else@example.com"])
def test_other_confirmed_addresses_bring_nothing(app, admin):
    app.config["FLASKY_ADMIN"] = admin
    assert User(email="john@example.com", confirmed=True).role.name == "User"
    assert User(confirmed=True).role.name == "User"


def test_confirming_the_address_of_the_administrator_brings_the_role(app, make_user):
    app.config["FLASKY_ADMIN"] = "Admin@example.com"
    user = make_user("boss", email="admin@example.com", confirmed=False)
    assert user.role.name == "User"
    user.confirm_address()
    assert user.confirmed
    assert user.role.name == "Administrator"


def test_confirming_another_address_brings_no_role(app, make_user):
    app.config["FLASKY_ADMIN"] = "admin@example.com"
    user = make_user("ann", confirmed=False)
    user.confirm_address()
    assert user.role.name == "User"


def test_confirming_keeps_the_role_where_there_is_no_administrator_role(app, make_user):
    app.config["FLASKY_ADMIN"] = "admin@example.com"
    user = make_user("boss", email="admin@example.com", confirmed=False)
    db.session.delete(Role.named("Administrator"))
    user.confirm_address()
    assert user.role.name == "User"


# --- Permissions ---------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "may"), [("User", 7), ("Moderator", 15), ("Administrator", 31)])
def test_what_a_user_can_do_is_what_the_role_holds(app, make_user, role, may):
    user = make_user(role=role)
    assert [user.can(perm) for perm in ALL] == [may & perm == perm for perm in ALL]
    assert user.is_administrator() == (role == "Administrator")


def test_a_user_without_a_role_can_do_nothing(ann):
    ann.role = None
    assert [ann.can(perm) for perm in ALL] == [False] * 5
    assert ann.is_administrator() is False


def test_a_stranger_can_do_nothing():
    stranger = AnonymousUser()
    assert [stranger.can(perm) for perm in ALL] == [False] * 5
    assert stranger.is_administrator() is False
    assert isinstance(stranger, AnonymousUserMixin)
    assert stranger.is_anonymous
    assert not stranger.is_authenticated


def test_the_stranger_is_known_to_the_login_manager(app):
    assert login_manager.anonymous_user is AnonymousUser


def test_users_are_what_the_login_manager_expects(ann):
    assert isinstance(ann, UserMixin)
    assert ann.is_authenticated
    assert ann.is_active
    assert not ann.is_anonymous


def test_a_ping_notes_the_time(ann):
    with time_machine.travel(2_000_000_000, tick=False):
        ann.ping()
        assert ann.last_seen == utcnow()


# --- Avatars -------------------------------------------------------------------------------


def test_a_gravatar_hash_is_the_md5_of_the_address_in_lower_case():
    user = User(email="John@example.com", role=Role())
    assert user.gravatar_hash() == md5("john@example.com")


def test_the_address_of_a_gravatar():
    user = User(email="john@example.com", role=Role())
    place = f"https://secure.gravatar.com/avatar/{md5('john@example.com')}"
    assert user.gravatar() == f"{place}?s=100&d=identicon&r=g"
    assert user.gravatar(size=256) == f"{place}?s=256&d=identicon&r=g"
    assert user.gravatar(default="retro") == f"{place}?s=100&d=retro&r=g"
    assert user.gravatar(rating="pg") == f"{place}?s=100&d=identicon&r=pg"
    assert user.gravatar(32, "mm", "x") == f"{place}?s=32&d=mm&r=x"


def test_a_gravatar_uses_the_stored_hash():
    user = User(email="john@example.com", avatar_hash="f" * 32, role=Role())
    assert f"/avatar/{'f' * 32}?" in user.gravatar()


def test_a_gravatar_is_computed_where_none_is_stored():
    user = User(email="john@example.com", role=Role())
    user.avatar_hash = None
    assert md5("john@example.com") in user.gravatar()


def test_somebody_without_an_address_has_a_picture_all_the_same():
    assert f"/avatar/{'0' * 32}?" in User(role=Role()).gravatar()


# --- Changes -------------------------------------------------------------------------------


def test_moving_renews_the_avatar_and_tells_the_old_address(ann, outbox):
    ann.move_to("New@Example.com")
    db.session.commit()
    assert ann.email == "new@example.com"
    assert ann.avatar_hash == md5("new@example.com")
    (mail,) = outbox
    assert mail.recipients == ["ann@example.com"]
    assert "new@example.com" in mail.body


def test_moving_without_an_old_address_tells_nobody(app, outbox):
    user = User()
    save(user)
    user.move_to("new@example.com")
    db.session.commit()
    assert outbox == []
    assert user.avatar_hash == md5("new@example.com")


def test_an_administrator_edits_a_profile(ann):
    ann.edit_by_admin(email="Ann@example.com", role=ann.role, name="Ann", confirmed=False)
    db.session.commit()
    assert (ann.name, ann.confirmed, ann.email) == ("Ann", False, "ann@example.com")
    assert Job.query.count() == 0  # the address is the same, but for its case


def test_an_administrator_changes_an_address_and_the_old_one_is_told(ann, outbox):
    ann.edit_by_admin(email="new@example.com", role=ann.role)
    db.session.commit()
    assert ann.avatar_hash == md5("new@example.com")
    assert [mail.recipients for mail in outbox] == [["ann@example.com"]]


def test_who_loses_power_has_to_sign_in_again(moderator):
    moderator.start_session()
    moderator.current_session = None
    moderator.edit_by_admin(email=moderator.email, role=Role.named("User"))
    db.session.commit()
    assert moderator.role.name == "User"
    assert sessions_of(moderator) == 0


def test_who_gains_power_stays_signed_in(ann):
    ann.start_session()
    ann.edit_by_admin(email=ann.email, role=Role.named("Moderator"))
    db.session.commit()
    assert sessions_of(ann) == 1


def test_who_had_no_role_gets_one(ann):
    ann.role = None
    ann.edit_by_admin(email=ann.email, role=Role.named("User"))
    assert ann.role.name == "User"


def test_an_administrator_who_steps_down_keeps_the_session_in_hand(administrator):
    elsewhere = administrator.start_session().id
    here = administrator.start_session().id
    administrator.edit_by_admin(email=administrator.email, role=Role.named("User"))
    assert [row.id for row in db.session.query(type(administrator.current_session))] == [here]
    assert elsewhere != here


def sessions_of(user):
    return db.session.execute(
        db.select(db.func.count()).select_from(db.metadata.tables["sessions"])
    ).scalar()


# --- Followed posts, JSON ------------------------------------------------------------------


def test_followed_posts_are_those_of_followed_people_and_ones_own(ann, bob, make_post):
    mine, his, _ = make_post(author=ann), make_post(author=bob), make_post()
    assert set(ann.followed_posts) == {mine}
    ann.follow(bob)
    db.session.commit()
    assert set(ann.followed_posts) == {mine, his}
    assert set(bob.followed_posts) == {his}
    ann.unfollow(bob)
    assert ann.followed_posts.all() == [mine]


def test_followed_posts_are_a_query_that_can_be_ordered_and_counted(ann, make_post):
    posts = [make_post(author=ann, timestamp=utcnow() - timedelta(days=day)) for day in range(3)]
    assert ann.followed_posts.order_by(Post.timestamp.desc()).all() == posts
    assert ann.followed_posts.count() == 3


def test_the_json_of_a_user_tells_neither_address_nor_role(app, make_user):
    with time_machine.travel("2013-12-22T08:30:27Z", tick=False):
        user = make_user("john")
    assert user.to_json() == {
        "url": f"/api/v1/users/{user.id}",
        "username": "john",
        "member_since": "Sun, 22 Dec 2013 08:30:27 GMT",
        "last_seen": "Sun, 22 Dec 2013 08:30:27 GMT",
        "posts_url": f"/api/v1/users/{user.id}/posts/",
        "followed_posts_url": f"/api/v1/users/{user.id}/timeline/",
        "post_count": 0,
    }


def test_the_json_of_a_user_counts_their_posts(ann, make_post):
    make_post(author=ann)
    assert ann.to_json()["post_count"] == 1


def test_the_json_of_a_user_copes_with_columns_that_are_null(ann):
    ann.username = ann.member_since = ann.last_seen = None
    db.session.commit()
    json = ann.to_json()
    assert (json["username"], json["member_since"], json["last_seen"]) == (None, None, None)


def test_the_permissions_are_a_template_s_to_use(app):
    assert app.jinja_env.globals["Permission"] is Permission
