"""axe-core, asked about one page after the other."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.visitor import NARROW, NARROWEST, WIDE, Visitor

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What a change of colours alone can break; the other rules need not be asked twice.
COLOURS = ["color-contrast", "link-in-text-block"]
AXE = Axe().axe_script
# The colours of another theme are there when all transitions have ended; one may start the next.
# What scripts do about another width comes at the end of a frame, after who waited for the frame.
RUN = """async rules => {
    const nextFrame = () => new Promise(requestAnimationFrame);
    await nextFrame();
    await nextFrame();
    for (let frame = 0; frame < 60 && document.getAnimations().length; frame++) await nextFrame();
    const options = { runOnly: rules, resultTypes: ["violations"], preload: false };
    return (await axe.run(options)).violations;
}"""


class Inspection:
    """Collects what axe-core finds on the pages of one visitor; `findings` should stay empty."""

    def __init__(self, visitor: Visitor):
        self.visitor = visitor
        self.findings: list[str] = []

    def go(self, path: str, status: int = 200, *, thorough=False) -> None:
        """Open a page and inspect it."""
        response = self.visitor.go(path)
        assert response.status == status, f"{path} answered {response.status}"
        self.inspect(thorough=thorough)

    def inspect(self, *, thorough=False) -> None:
        """Look at the page as it is: light on a phone, dark on a desk; thorough: every way."""
        page = self.visitor.page
        page.evaluate(AXE)
        self._look(NARROW, "light", STANDARD)
        self._look(WIDE, "dark", STANDARD if thorough else COLOURS)
        if thorough:
            self._look(WIDE, "light", STANDARD)
            self._look(NARROW, "dark", COLOURS)
        self.visitor.resize(NARROWEST)

    def _look(self, width: int, theme: str, rules: list[str]) -> None:
        visitor = self.visitor
        visitor.resize(width)
        visitor.page.emulate_media(color_scheme=theme)
        violations = visitor.page.evaluate(RUN, rules)
        for violation in violations:
            for node in violation["nodes"]:
                self.findings.append(
                    f"{visitor.page.url} ({theme}, {width}): {violation['id']}: "
                    f"{node['html']}\n{node['failureSummary']}"
                )
