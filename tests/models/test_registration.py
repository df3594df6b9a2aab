"""Opening an account."""

import pytest

from app.extensions import db
from app.lib import passwords
from app.models import User, registration
from app.models.registration import UsernameTaken, register


def test_an_account_is_opened_and_its_address_asked_to_confirm(app, outbox):
    user = register(email="Ann@Example.com", username="ann", password="cat")
    db.session.commit()
    assert (user.email, user.confirmed, user.role.name) == ("ann@example.com", False, "User")
    assert user.verify_password("cat")
    assert user.is_following(user)
    (mail,) = outbox
    assert (mail.recipients, mail.subject) == (["ann@example.com"], "[Flasky] Confirm Your Account")


def test_the_account_is_gone_with_the_mail_if_the_transaction_is(app, outbox):
    register(email="ann@example.com", username="ann", password="cat")
    db.session.rollback()
    assert User.query.count() == 0
    assert outbox == []


@pytest.mark.parametrize("email", ["ann@example.com", "ANN@Example.com"])
def test_a_known_address_opens_none_and_its_owner_is_told(ann, outbox, email):
    assert register(email=email, username="another", password="dog") is None
    db.session.commit()
    assert User.query.count() == 1
    assert ann.verify_password("cat")
    (mail,) = outbox
    assert mail.recipients == ["ann@example.com"]
    assert "another" not in mail.body


def test_a_known_address_takes_as_long_as_a_new_one(ann, monkeypatch):
    hashed = []
    real = passwords.hash_password
    monkeypatch.setattr(passwords, "hash_password", lambda text: hashed.append(text) or real(text))
    register(email="ann@example.com", username="another", password="dog")
    register(email="new@example.com", username="new", password="dog")
    assert hashed == ["dog", "dog"]


@pytest.mark.parametrize("name", ["ann", "ANN"])
def test_a_name_that_was_taken_a_moment_before_is_refused(ann, name):
    with pytest.raises(UsernameTaken):
        register(email="new@example.com", username=name, password="dog")
    db.session.commit()  # the transaction can go on
    assert User.query.count() == 1


def test_an_address_that_was_taken_a_moment_before_opens_none(ann, monkeypatch, outbox):
    real, looks = registration._owner_of, []

    def too_early(email):
        looks.append(email)
        return real(email) if len(looks) > 1 else None

    monkeypatch.setattr(registration, "_owner_of", too_early)
    assert register(email="ann@example.com", username="new", password="dog") is None
    db.session.commit()
    assert User.query.count() == 1
    assert [mail.recipients for mail in outbox] == [["ann@example.com"]]


def test_the_administrator_s_address_brings_no_role_by_being_typed(app):
    app.config["FLASKY_ADMIN"] = "boss@example.com"
    user = register(email="boss@example.com", username="boss", password="cat")
    assert user.role.name == "User"
