"""What a reader may choose or brush aside: colours, messages, menus; and dates in their own way."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import NARROW, THEMES


@pytest.mark.parametrize("system", THEMES)
def test_pages_follow_the_colours_of_the_system(visit, system):
    stranger = visit(color_scheme=system)
    stranger.go("/")
    stranger.see_theme(system)


def test_the_switch_changes_the_theme_at_once_and_for_good(visit):
    stranger = visit(color_scheme="light")
    stranger.go("/")
    stranger.find("Switch to the dark theme").click()
    stranger.see_theme("dark")
    stranger.press("Log In", "link")
    stranger.see_theme("dark")
    stranger.page.emulate_media(color_scheme="dark")
    stranger.find("Switch to the light theme").click()
    stranger.go("/")
    stranger.see_theme("light")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_page_about_appearance_changes_the_theme_for_good(visit, script):
    stranger = visit(script=script, width=NARROW)
    stranger.go("/")
    for choice, theme in (("Dark", "dark"), ("Light", "light"), ("Like my device", "dark")):
        stranger.press("Appearance", "link")
        stranger.page.get_by_label(choice).check()
        stranger.press("Save")
        stranger.page.emulate_media(color_scheme="dark")
        stranger.go("/")
        stranger.see_theme(theme)


def test_messages_can_be_dismissed(visit):
    stranger = visit()
    stranger.go("/edit-profile")
    message = stranger.page.get_by_text("Please log in to access this page.")
    expect(message).to_be_visible()
    stranger.find("Dismiss this message").click()
    expect(message).to_have_count(0)


def test_without_script_no_control_is_shown_that_would_not_work(visit):
    stranger = visit(script=False)
    stranger.go("/edit-profile")
    stranger.see("Please log in to access this page.")
    expect(stranger.page.locator("[data-flash-close], [data-theme-switch]")).to_have_count(2)
    for control in stranger.page.locator("[data-flash-close], [data-theme-switch]").all():
        expect(control).to_be_hidden()


def test_dates_are_told_in_the_readers_language_and_time_zone(visit):
    reader = visit(locale="de-DE", timezone_id="Pacific/Kiritimati")  # 14 hours ahead of UTC
    reader.go("/user/ada")
    since = reader.page.locator("time[data-format=L]")
    told = since.get_attribute("datetime")
    expect(since).to_have_text(local_date(told, "Pacific/Kiritimati"))
    expect(reader.page.locator(".post time").first).to_have_text(re.compile("^vor "))
    expect(reader.page.locator(".post time").first).to_have_attribute("lang", "de")


def test_dates_are_told_without_script_too(visit):
    reader = visit(script=False)
    reader.go("/user/ada")
    expect(reader.page.locator(".post time").first).to_have_text(
        re.compile(r"^\d+ \w+ \d{4}, \d\d:\d\d UTC$")
    )


def local_date(moment, zone):
    when = datetime.fromisoformat(moment.rstrip("Z")).replace(tzinfo=UTC)
    return when.astimezone(ZoneInfo(zone)).strftime("%d.%m.%Y")


def test_the_menu_closes_and_gives_the_focus_back(visit):
    ada = visit("ada")
    ada.go("/")
    menu = ada.page.locator("summary").filter(has_text="Account")
    link = ada.find("Change Password", "link")
    menu.click()
    expect(link).to_be_visible()
    link.focus()
    ada.page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    ada.page.locator("h1").first.click()
    expect(link).to_be_hidden()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit):
    stranger = visit()
    stranger.go("/")
    stranger.page.keyboard.press("Tab")
    skip = stranger.find("Skip to content", "link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    stranger.page.keyboard.press("Enter")
    stranger.page.keyboard.press("Tab")
    expect(stranger.find("Create an account", "link")).to_be_focused()


def test_following_somebody_keeps_page_and_focus(visit):
    bob = visit("bob")
    bob.go("/user/cy")
    bob.page.evaluate("document.body.dataset.stays = 'yes'")
    for button, other in (("Follow", "Unfollow"), ("Unfollow", "Follow")):
        bob.find(button).press("Enter")
        expect(bob.find(other)).to_be_focused()
    bob.see("You are not following cy anymore.")
    expect(bob.page.locator("body[data-stays=yes]")).to_have_count(1)


def test_a_very_long_post_is_folded_on_lists_until_somebody_wants_it(visit):
    stranger = visit()
    stranger.go("/user/ada")
    post = stranger.page.locator(".post").filter(has_text="Paragraph 1.")
    last = post.get_by_text("Paragraph 20.")
    expect(last).not_to_be_in_viewport()
    folded = post.bounding_box()["height"]
    stranger.find("Read on", within=post).click()
    assert post.bounding_box()["height"] > 2 * folded
    plain = visit(script=False)
    plain.go("/user/ada")
    expect(plain.page.get_by_role("button", name="Read on")).to_have_count(0)
