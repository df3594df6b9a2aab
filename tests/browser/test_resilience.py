"""Bad connections and bad luck: scripts that never arrive, pages that weigh too much."""

import gzip

from playwright.sync_api import expect

WEIGHT = 100_000  # bytes, as a server that compresses would send them


def test_the_site_works_when_its_scripts_fail_to_load(visit, site):
    bob = visit("bob")
    bob.context.route("**/*.js*", lambda route: route.abort())
    bob.forgiven.append(".js")
    bob.go("/")
    bob.fill(body="Written **without** any help")
    bob.press("Preview")
    expect(bob.page.locator(".preview strong")).to_have_text("without")
    bob.press("Submit")
    post = bob.page.locator(".post").filter(has_text="Written without any help")
    expect(post).to_have_count(1)
    bob.press("Permalink", "link", within=post)
    bob.fill(body="Commented as well")
    bob.press("Submit")
    bob.see("Your comment has been published.")
    for button, message in (
        ("Follow", "You are now following cy."),
        ("Unfollow", "You are not following cy anymore."),
    ):
        bob.go("/user/cy")
        bob.press(button)
        bob.see(message)


def test_the_preview_says_so_when_it_cannot_be_shown(visit):
    bob = visit("bob")
    bob.context.route("**/preview", lambda route: route.fulfill(status=503, body="Away"))
    bob.forgiven.append("/preview")
    bob.go("/")
    bob.fill(body="A text")
    status = bob.page.locator("[data-preview-status]")
    expect(status).to_have_text("The preview cannot be shown just now. Your text is safe.")
    expect(bob.field("body")).to_have_value("A text")


def test_a_first_visit_transfers_at_most_a_hundred_kilobytes(visit):
    stranger = visit()
    responses = []
    stranger.page.on("response", lambda response: responses.append(response))
    stranger.go("/")
    stranger.page.wait_for_load_state("networkidle")
    weights = {response.url: len(gzip.compress(response.body())) for response in responses}
    assert any(url.endswith("/") for url in weights)
    assert any("/site.css" in url for url in weights)
    assert sum(weights.values()) <= WEIGHT, weights


def test_nothing_sticks_out_of_a_phone_without_script(visit, site):
    reader = visit(script=False)
    for path in ("/", "/user/ada", f"/post/{site.ids['rich']}", "/moderate", "/auth/register"):
        reader.go(path)
        reader.resize(320)
