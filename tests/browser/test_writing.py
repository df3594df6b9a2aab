"""Nothing that somebody has typed gets lost, and nothing is published twice."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def writer(visit):
    """Somebody who has just logged in, in a session that a test may end."""
    visitor = visit()
    visitor.go("/auth/login")
    visitor.log_in("bob@example.com")
    return visitor


def posts_with(visitor, text):
    return visitor.page.locator(".post").filter(has_text=text)


def test_a_draft_survives_a_reload_and_is_forgotten_once_it_is_sent(writer):
    writer.fill(body="A draft that is *kept*")
    writer.go("/user/ada")
    writer.go("/")
    expect(writer.field("body")).to_have_value("A draft that is *kept*")
    writer.see("Your unsent text is back.")
    expect(writer.page.locator(".preview em")).to_have_text("kept")
    writer.press("Submit")
    expect(writer.field("body")).to_have_value("")
    writer.go("/")
    expect(writer.field("body")).to_have_value("")


def test_a_draft_can_be_discarded(writer):
    writer.fill(body="Nonsense")
    writer.go("/")
    writer.find("Discard it").click()
    expect(writer.field("body")).to_have_value("")
    expect(writer.field("body")).to_be_focused()
    writer.go("/")
    expect(writer.field("body")).to_have_value("")


def test_a_draft_is_nobody_elses_business_after_logging_out(writer):
    writer.fill(body="A secret")
    expect(writer.page.locator(".preview p").last).to_have_text("A secret")
    writer.page.locator("summary").filter(has_text="Account").click()
    writer.press("Log Out")
    writer.press("Log In", "link")
    writer.log_in("cy@example.com")
    expect(writer.field("body")).to_have_value("")


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


def test_a_text_survives_the_end_of_the_session(writer, site):
    text = "Written while\nthe session ended.\n"
    writer.fill(body=text)
    site.write("DELETE FROM sessions WHERE id = (SELECT max(id) FROM sessions)")
    writer.press("Submit")
    writer.see(
        "Your session has ended, but the text you sent is safe: log in and it will be there."
    )
    writer.log_in("bob@example.com")
    expect(writer.field("body")).to_have_value(text)
    writer.press("Send again")
    expect(posts_with(writer, "Written while the session ended.")).to_have_count(1)
    writer.go("/")
    expect(writer.field("body")).to_have_value("")  # the draft is done with


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


def test_a_page_from_another_tab_with_an_old_token_still_sends(writer):
    """Logging in again in another tab makes the token of this one useless."""
    writer.fill(body="From the older tab")
    other = writer.context.new_page()
    other.goto("/auth/login")
    other.locator("main [name=email]").fill("bob@example.com")
    other.locator("main [name=password]").fill("four unrelated wooden words")
    with other.expect_navigation():
        other.get_by_role("button", name="Log In").click()
    writer.press("Submit")
    writer.press("Send again")
    expect(posts_with(writer, "From the older tab")).to_have_count(1)


def test_a_text_that_is_too_long_comes_back_with_the_form(writer):
    text = "A line of a text that has no end.\n" * 2_000
    writer.field("body").evaluate("(field, text) => { field.value = text }", text)
    writer.press("Submit")
    expect(writer.page.get_by_text("This is too long by 2464 bytes")).to_be_visible()
    expect(writer.field("body")).to_have_value(text)


def test_a_text_that_the_server_did_not_even_read_is_still_in_the_browser(writer):
    writer.fill(body="In the middle of something huge")
    expect(writer.page.locator(".preview p").last).to_have_text("In the middle of something huge")
    # The rest of it is hidden, for a browser takes its time to lay out a megabyte.
    writer.field("submission").evaluate("field => { field.value = 'x'.repeat(1_100_000) }")
    writer.press("Submit")
    expect(writer.page.get_by_role("heading", name="Too Large")).to_be_visible()
    writer.page.go_back()
    expect(writer.field("body")).to_have_value("In the middle of something huge")
