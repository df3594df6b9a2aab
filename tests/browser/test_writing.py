"""Nothing that somebody has typed gets lost, and nothing is published twice."""

import pytest
from playwright.sync_api import expect

from tests.browser.world import PASSWORD


@pytest.fixture
def dora(visit):
    """Somebody who has just logged in, in a session that a test may end."""
    visitor = visit()
    visitor.go("/auth/login")
    visitor.log_in("dora@example.com")
    return visitor


def write(visitor, text):
    """Type a text, and wait for its preview: a later one might find the session gone."""
    visitor.fill(body=text)
    expect(visitor.page.locator(".preview p").last).to_contain_text(text.split()[-1])


def posts_with(visitor, text):
    return visitor.page.locator(".post").filter(has_text=text)


def test_a_draft_survives_a_reload_and_is_forgotten_once_it_is_sent(dora):
    write(dora, "A *draft* that is kept")
    dora.go("/user/ada")
    dora.go("/")
    expect(dora.field("body")).to_have_value("A *draft* that is kept")
    dora.see("Your unsent text is back.")
    expect(dora.page.locator(".preview em")).to_have_text("draft")
    dora.press("Submit")
    expect(dora.field("body")).to_have_value("")
    dora.go("/")
    expect(dora.field("body")).to_have_value("")


def test_a_draft_can_be_discarded(dora):
    write(dora, "Nonsense")
    dora.go("/")
    dora.find("Discard it").click()
    expect(dora.field("body")).to_have_value("")
    expect(dora.field("body")).to_be_focused()
    dora.go("/")
    expect(dora.field("body")).to_have_value("")


def test_a_draft_is_nobody_elses_business_after_logging_out(dora):
    write(dora, "A secret")
    dora.page.locator("summary").filter(has_text="Account").click()
    dora.press("Log Out")
    dora.press("Log In", "link")
    dora.log_in("cy@example.com")
    expect(dora.field("body")).to_have_value("")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_pressing_the_button_twice_publishes_once(visit, script):
    bob = visit("bob", script=script)
    text = f"Only once, script {script}"
    bob.go("/")
    bob.fill(body=text)
    bob.find("Submit").dblclick()
    expect(posts_with(bob, text)).to_have_count(1)
    bob.go("/")
    expect(posts_with(bob, text)).to_have_count(1)

    bob.go(f"/post/{bob.site.ids['quiet']}")
    bob.fill(body=text)
    bob.find("Submit").dblclick()
    bob.see("Your comment has been published.")
    expect(bob.page.locator(".comment").filter(has_text=text)).to_have_count(1)


def test_a_text_survives_the_end_of_the_session(dora, site):
    text = "Written while\nthe session ended.\n"
    write(dora, text)
    site.write("DELETE FROM sessions WHERE id = (SELECT max(id) FROM sessions)")
    dora.press("Submit")
    dora.see("Your session has ended, but the text you sent is safe: log in and it will be there.")
    dora.log_in("dora@example.com")
    expect(dora.field("body")).to_have_value(text)
    dora.press("Send again")
    expect(posts_with(dora, "Written while the session ended.")).to_have_count(1)
    dora.go("/")
    expect(dora.field("body")).to_have_value("")  # the draft is done with


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_comment_survives_the_loss_of_all_cookies(visit, script):
    visitor = visit("bob", script=script)
    comment = f"Written after the cookies went, script {script}"
    visitor.go(f"/post/{visitor.site.ids['quiet']}")
    visitor.fill(body=comment)
    visitor.context.clear_cookies()
    visitor.press("Submit")
    visitor.log_in("bob@example.com")
    visitor.press("Send again")
    visitor.see("Your comment has been published.")
    expect(visitor.page.locator(".comment").filter(has_text=comment)).to_have_count(1)


def test_a_page_from_another_tab_with_an_old_token_still_sends(dora):
    """Logging in again in another tab makes the token of this one useless."""
    write(dora, "From the older tab")
    other = dora.context.new_page()
    other.goto("/auth/login")
    other.locator("main [name=email]").fill("dora@example.com")
    other.locator("main [name=password]").fill(PASSWORD)
    with other.expect_navigation():
        other.get_by_role("button", name="Log In").click()
    dora.press("Submit")
    dora.press("Send again")
    expect(posts_with(dora, "From the older tab")).to_have_count(1)


def test_a_text_that_is_too_long_comes_back_with_the_form(dora):
    text = "A line of a text that has no end.\n" * 2_000
    dora.field("body").evaluate("(field, text) => { field.value = text }", text)
    dora.press("Submit")
    expect(dora.page.get_by_text("This is too long by 2464 bytes")).to_be_visible()
    expect(dora.field("body")).to_have_value(text)


def test_a_text_that_the_server_did_not_even_read_is_still_in_the_browser(dora):
    write(dora, "In the middle of something huge")
    # The rest of it is hidden, for a browser takes its time to lay out a megabyte.
    dora.field("submission").evaluate("field => { field.value = 'x'.repeat(1_100_000) }")
    dora.press("Submit")
    expect(dora.page.get_by_role("heading", name="Too Large")).to_be_visible()
    dora.page.go_back()
    expect(dora.field("body")).to_have_value("In the middle of something huge")
