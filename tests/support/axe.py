"""What axe finds wrong with a page, as lines that say where."""

from playwright.sync_api import Page
from tests.support.browser import AXE

_RUN = """async () => {
    // Colours that fade in would be measured on their way.
    await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined)));
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html}`));
}"""


def violations(page: Page) -> list[str]:
    """Of the rules of WCAG 2.1 A and AA, and of good practice; empty when there are none."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(_RUN)
    return found
