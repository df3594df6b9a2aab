"""Somebody in front of a browser, and what no page may do to them."""

import re

from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.server import Server
from tests.browser.world import PASSWORD
from tests.operations.site import PROJECT

SCREENSHOTS = PROJECT / "tmp" / "screenshots"
HEIGHT = 800
NARROW, WIDE = 360, 1280
NARROWEST = 320
THEMES = ("light", "dark")
# What the background of either is made of: three numbers over 200, or under 100.
PAPER = {
    "light": re.compile(r"rgb\((2\d\d(, )?){3}\)"),
    "dark": re.compile(r"rgb\((\d\d?(, )?){3}\)"),
}

# The elements that are wider than the window, but for those in a box that scrolls by itself.
STICKS_OUT = """() => {
    const width = document.documentElement.clientWidth;
    const scrolls = element => /auto|scroll/.test(getComputedStyle(element).overflowX);
    const isScrolled = element => element !== document.body
        && (scrolls(element) || isScrolled(element.parentElement));
    const sticksOut = element => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && (box.right > width + 1 || box.left < -1);
    };
    const culprits = [...document.querySelectorAll("body *")]
        .filter(element => sticksOut(element) && !isScrolled(element.parentElement))
        .map(element => element.outerHTML.slice(0, 80));
    const page = document.documentElement.scrollWidth > width ? ["<html>"] : [];
    return [...page, ...culprits].slice(0, 5);
}"""

# Milliseconds; far more than a page takes, so that only what never comes is missed.
PATIENCE = 10_000
expect.set_options(timeout=PATIENCE)


class Visitor:
    """A browser with cookies of its own and one page.

    Gathers in `faults` what must not happen on any page: errors in the console, broken rules of
    the Content-Security-Policy among them, requests to other sites, and horizontal scrolling.
    """

    def __init__(self, browser: Browser, site: Server, *, script=True, width=WIDE, **options):
        self.site = site
        self.faults: list[str] = []
        self.forgiven: list[str] = []  # parts of what a test brings about on purpose
        self.context = browser.new_context(
            base_url=site.url,
            java_script_enabled=script,
            reduced_motion="reduce",
            viewport={"width": width, "height": HEIGHT},
            **{"locale": "en-US", "timezone_id": "UTC", **options},
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._note_message)
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on("request", self._note_request)
        self.page: Page = self.context.new_page()

    def go(self, path: str) -> Response:
        """Open an address of the site as if it had been typed."""
        response = self.page.goto(path)
        self.check()
        return response

    def press(self, name: str, role: str = "button", within=None) -> None:
        """Press a button or follow a link that leads to another page."""
        with self.page.expect_navigation():
            self.find(name, role, within).click()
        self.check()

    def find(self, name: str, role: str = "button", within=None):
        return (within or self.page).get_by_role(role, name=name, exact=True)

    def field(self, name: str):
        return self.page.locator(f"main [name={name}]")

    def fill(self, **fields: str) -> None:
        """Type into fields, given by their names in the form."""
        for name, text in fields.items():
            self.field(name).fill(text)

    def toggle(self, locator) -> None:
        """Press what changes something on this very page, or may do so."""
        locator.click()

    def choose(self, label: str, option: str) -> None:
        """Take an option from a list."""
        self.page.get_by_label(label).select_option(option)

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill in the log-in form, which is already there."""
        self.fill(email=email, password=password)
        self.press("Log In")

    def see(self, text: str) -> None:
        expect(self.page.get_by_text(text, exact=True).first).to_be_visible()

    def check(self) -> None:
        """Note it when something sticks out of the window, cut off or not."""
        if culprits := self.page.evaluate(STICKS_OUT):
            width = self.page.viewport_size["width"]
            self.faults.append(f"{self.page.url}, {width} px wide, is too narrow for {culprits}")

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.check()

    def take_picture(self, name: str, of=None) -> None:
        """Keep what the page, or a part of it, looks like in light and dark, narrow and wide."""
        before = self.page.viewport_size["width"]
        for width in (NARROWEST, NARROW, WIDE):
            self.resize(width)
            for theme in THEMES if width != NARROWEST else ():
                self.page.emulate_media(color_scheme=theme)
                if of is not None:
                    of.scroll_into_view_if_needed()
                path = SCREENSHOTS / f"{name}-{theme}-{width}.png"
                self.page.screenshot(path=path)
        self.resize(before)
        self.page.emulate_media(color_scheme="light")

    def unforgiven(self) -> list[str]:
        """Return the faults that no test has brought about on purpose."""
        return [fault for fault in self.faults if not any(part in fault for part in self.forgiven)]

    def see_theme(self, theme: str) -> None:
        """Look at the colour of the paper."""
        expect(self.page.locator("body")).to_have_css("background-color", PAPER[theme])

    def _note_message(self, message) -> None:
        if message.type not in ("error", "warning"):
            return
        # The console also tells of answers such as 404, which tests look at themselves.
        is_answer = "the server responded with a status of" in message.text
        is_page = message.location["url"] == message.page.url
        if not (is_answer and is_page):
            self.faults.append(f"{message.page.url} says: {message.text} {message.location['url']}")

    def _note_request(self, request) -> None:
        if not request.url.startswith((self.site.url + "/", "data:")):
            self.faults.append(f"{request.frame.url} asks for {request.url}")
