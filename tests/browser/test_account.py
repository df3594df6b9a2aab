"""What people do with what is theirs, up to leaving; by keyboard alone, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.world import PASSWORD

NEW_PASSWORD = "several more of the wooden words"


def follow_menu(visitor, name):
    visitor.toggle(visitor.page.locator("summary").filter(has_text="Account"))
    visitor.press(name, "link")


def edit_profile(visitor):
    follow_menu(visitor, "Edit Profile")
    visitor.fill(name="Somebody", location="Nowhere", about_me="Will be gone soon.")
    visitor.press("Submit")
    visitor.see("Your profile has been updated.")
    visitor.see("Will be gone soon.")


def write_edit_and_delete_a_post(visitor, text):
    visitor.press("Home", "link", within=visitor.page.get_by_role("banner"))
    visitor.fill(body=text)
    visitor.press("Submit")
    visitor.press("Edit", "link", within=visitor.page.locator(".post").filter(has_text=text))
    visitor.fill(body=f"{text}, better")
    visitor.press("Submit")
    visitor.see("The post has been updated.")
    visitor.see(f"{text}, better")
    visitor.press("Delete", "link")
    visitor.press("Delete")
    visitor.see("The post has been deleted.")
    expect(visitor.page.get_by_text(text)).to_have_count(0)


def write_and_delete_a_comment(visitor, text):
    visitor.go(f"/post/{visitor.site.ids['quiet']}")
    visitor.fill(body=text)
    visitor.press("Submit")
    visitor.press("Delete", "link", within=visitor.page.locator(".comment").filter(has_text=text))
    visitor.press("Delete")
    visitor.see("The comment has been deleted.")
    expect(visitor.page.get_by_text(text)).to_have_count(0)


def change_password(visitor):
    follow_menu(visitor, "Change Password")
    visitor.fill(old_password=PASSWORD, password=NEW_PASSWORD, password2=NEW_PASSWORD)
    visitor.press("Update Password")
    visitor.see("Your password has been updated.")


def change_email(visitor, email):
    follow_menu(visitor, "Change Email")
    visitor.fill(email=email, password=NEW_PASSWORD)
    visitor.press("Update Email Address")
    visitor.go(visitor.site.link_for(email, "Confirm your email address"))
    visitor.see("Your email address has been updated.")


def end_other_sessions(visitor, other):
    follow_menu(visitor, "Your Sessions")
    visitor.press("End all other sessions")
    other.go("/")
    other.see("Hello, Stranger!")


def delete_account(visitor):
    follow_menu(visitor, "Edit Profile")
    visitor.press("Delete your account", "link")
    visitor.fill(password=NEW_PASSWORD)
    visitor.press("Delete my account for good")
    visitor.go("/")
    visitor.see("Hello, Stranger!")


@pytest.mark.parametrize("way", ["keyboard", "plain"])
def test_people_keep_an_account_until_they_leave(visit, way):
    name = f"leaver_{way}"
    leaver = visit(keyboard=way == "keyboard", script=way != "plain")
    leaver.go("/auth/login")
    leaver.log_in(f"{name}@example.com")
    edit_profile(leaver)
    write_edit_and_delete_a_post(leaver, f"A post that does not stay, {way}")
    write_and_delete_a_comment(leaver, f"A comment that does not stay, {way}")
    change_password(leaver)
    change_email(leaver, f"{name}@example.org")
    elsewhere = visit()
    elsewhere.go("/auth/login")
    elsewhere.log_in(f"{name}@example.org", NEW_PASSWORD)
    elsewhere.see(f"Hello, {name}!")
    end_other_sessions(leaver, elsewhere)
    delete_account(leaver)
    response = leaver.go(f"/user/{name}")
    assert response.status == 404
