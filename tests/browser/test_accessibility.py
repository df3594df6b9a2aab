"""No violation of WCAG 2.2, A and AA, on any kind of page, and no page too wide for a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import Inspection
from tests.browser.world import PASSWORD


@pytest.fixture
def inspect(visit):
    """Start an inspection as `who`; at the end nothing may have been found."""
    inspections = []

    def start(who=None, **options):
        inspections.append(Inspection(visit(who, **options)))
        return inspections[-1]

    yield start
    findings = [finding for each in inspections for finding in each.findings]
    assert not findings, "\n\n".join(findings)


def complain(inspection, button, **fields):
    """Fill in the form that is shown and send it; inspect what the page says to that."""
    visitor = inspection.visitor
    visitor.fill(**fields)
    visitor.press(button)
    expect(visitor.page.locator("main [aria-invalid=true]").first).to_be_visible()
    inspection.inspect()


def test_lists_are_accessible(inspect):
    stranger = inspect()
    stranger.go("/", thorough=True)
    stranger.go("/?page=3")
    stranger.go("/?page=99")
    stranger.go("/followers/ada")
    stranger.go("/followers/cy")
    stranger.go("/followed_by/cy")
    ada = inspect("ada")
    ada.go("/")
    cy = inspect("cy")
    cy.go("/")
    cy.visitor.press("Followed")
    cy.inspect()


def test_profiles_are_accessible(inspect, site):
    stranger = inspect()
    stranger.go("/user/ada", thorough=True)
    stranger.go("/user/cy")
    ada = inspect("ada")
    ada.go("/user/ada")
    ada.go("/user/bob")
    ada.go("/edit-profile")
    complain(ada, "Submit", about_me="x" * 9000)
    administrator = inspect("adm")
    administrator.go("/user/ada")
    administrator.go(f"/edit-profile/{site.ids['ada']}")
    complain(administrator, "Submit", email="nothing", username="...")


def test_posts_and_comments_are_accessible(inspect, site):
    stranger = inspect()
    stranger.go(f"/post/{site.ids['rich']}", thorough=True)
    stranger.go(f"/post/{site.ids['quiet']}")
    stranger.go(f"/post/{site.ids['talk']}?page=2")
    bob = inspect("bob")
    bob.go(f"/post/{site.ids['rich']}")
    complain(bob, "Submit", body="")
    bob.go(f"/comment/{site.ids['comment']}/delete")
    moderator = inspect("mod")
    moderator.go("/moderate", thorough=True)


def test_writing_is_accessible(inspect, site):
    ada = inspect("ada")
    ada.visitor.go(f"/edit/{site.ids['rich']}")
    expect(ada.visitor.page.locator(".preview").get_by_role("table")).to_be_visible()
    ada.inspect(thorough=True)
    complain(ada, "Submit", body="")
    ada.go(f"/post/{site.ids['rich']}/delete")


def test_the_way_in_is_accessible(inspect, site):
    stranger = inspect()
    stranger.go("/auth/login", thorough=True)
    complain(stranger, "Log In")
    stranger.go("/auth/register", thorough=True)
    complain(stranger, "Register", email="x", username="?", password="short", password2="other")
    stranger.go("/auth/reset")
    complain(stranger, "Reset Password")
    stranger.visitor.fill(email="cy@example.com")
    stranger.visitor.press("Reset Password")
    stranger.inspect()  # the log-in page with messages
    stranger.go(site.link_for("cy@example.com", "Reset Your Password"))
    complain(stranger, "Reset Password")
    newcomer = inspect("newcomer")
    newcomer.go("/auth/unconfirmed")


def test_the_pages_of_an_account_are_accessible(inspect):
    ada = inspect("ada")
    ada.go("/auth/sessions")
    ada.go("/auth/change-password")
    complain(ada, "Update Password")
    ada.go("/auth/change_email")
    complain(ada, "Update Email Address")
    ada.go("/auth/delete-account")
    complain(ada, "Delete my account for good")
    ada.go("/appearance")
    ada.visitor.page.locator("summary").filter(has_text="Account").click()
    ada.inspect()  # the menu is open


def test_interrupted_writing_is_accessible(inspect):
    writer = inspect()
    visitor = writer.visitor
    visitor.go("/auth/login")
    visitor.log_in("cy@example.com")
    visitor.fill(body="Something that must not get lost.")
    expect(visitor.page.locator(".preview p").last).to_contain_text("lost.")
    visitor.context.clear_cookies()
    visitor.press("Submit")
    writer.inspect()
    visitor.log_in("cy@example.com", PASSWORD)
    writer.inspect()


def test_refusals_are_accessible(inspect, site):
    stranger = inspect()
    stranger.go("/?page=%00", 400)
    stranger.go("/nowhere", 404)
    stranger.go("/follow/ada", 405)
    ada = inspect("ada")
    ada.go("/moderate", 403)
    with site.without_table("follows"):
        stranger.go("/followers/ada", 500)
    stranger.go("/followers/ada")


def test_refusals_of_what_is_too_much_are_accessible(inspect, site):
    stranger = inspect()
    visitor = stranger.visitor
    for _ in range(2):
        visitor.go("/auth/reset")
        visitor.fill(email="nobody@example.com")
        visitor.press("Reset Password")
        site.write("UPDATE rate_limits SET hits = 1000")
    visitor.see("Too Many Requests")
    stranger.inspect()
    visitor.go("/auth/reset")
    visitor.field("email").evaluate("field => { field.value = 'x'.repeat(1_100_000) }")
    visitor.press("Reset Password")
    visitor.see("Too Large")
    stranger.inspect()


def test_pages_of_a_site_where_nothing_has_happened_are_accessible(
    inspect, site, client, browser_of, make_user
):
    """Their text comes from the application of the other tests, whose database is empty."""
    stranger = inspect()
    for path, reader in (
        ("/", client),
        ("/?as=ada", browser_of(make_user("ada"))),
        ("/moderate", browser_of(make_user("mod", role="Moderator"))),
    ):
        answer_with(stranger.visitor, path, reader.get(path).text)
        stranger.go(path)
        expect(stranger.visitor.page.locator(".empty")).to_be_visible()


def answer_with(visitor, path, text):
    """Let the browser take `text` for what the site answers there."""
    visitor.page.route(
        visitor.site.url + path,
        lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"),
    )
