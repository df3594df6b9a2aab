"""Somebody who has no mouse: everything is reached with Tab, and pressed with Enter or Space."""

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

# How often somebody may have to press Tab before they give up.
TOO_FAR = 60

# What is wrong with the focus as it shows on the page, or nothing. Scrolling may take a moment.
LOOK = """async () => {
    const look = () => {
        const element = document.activeElement;
        if (element === document.body) return ""; // between the last stop and the first
        const style = getComputedStyle(element);
        const outline = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
        if (outline < 2) return "no outline";
        const box = element.getClientRects()[0];
        const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
        const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
        if (left >= right || top >= bottom) return "out of sight";
        const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (element.contains(above) || above.contains(element)) return "";
        return `covered by <${above.localName}>`;
    };
    for (let frame = 0; frame < 30 && look(); frame++) await new Promise(requestAnimationFrame);
    return look();
}"""


class KeyboardVisitor(Visitor):
    """Does what any visitor does, by keyboard alone, and looks where the focus is all the time."""

    def press(self, name, role="button", within=None):
        self.reach(self.find(name, role, within))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.check()

    def toggle(self, locator):
        self.reach(locator)
        self.page.keyboard.press("Space")

    def fill(self, **fields):
        for name, text in fields.items():
            self.reach(self.field(name))
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(text)

    def choose(self, label, option):
        field = self.page.get_by_label(label)
        self.reach(field)
        self.page.keyboard.type(option)  # a list goes to what begins like that
        expect(field.locator("option:checked")).to_have_text(option)

    def reach(self, locator) -> None:
        """Press Tab until the focus is there."""
        expect(locator).to_have_count(1)
        for _ in range(TOO_FAR):
            if locator.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            if fault := self.page.evaluate(LOOK):
                where = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
                self.faults.append(f"{self.page.url}, focus on {where}: {fault}")
        raise AssertionError(f"{locator} is out of reach on {self.page.url}")
