"""Pages of the console as somebody sees them in a real browser, watched for what no page may do.

visit = Visit(browser, server.url, language="zh-CN", scheme="dark")
visit.go("/dashboard/logs")                 # and waits until nothing is loading any more
visit.page.get_by_role("button", name=visit.say("components", "Show more"))
visit.look("logs")                          # accessible, and pictures of it at all widths
visit.check()                               # nothing was against the policy, nothing came from elsewhere
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from tests.support.browser import AXE
from tests.support.server import eventually
from tests.support.words import Words

PICTURES = Path(__file__).parents[1] / ".artifacts" / "console"
WIDTHS = (360, 768, 1440)
PATIENCE_MS = 30_000
_HEIGHT = 900
_FITTING_S = 5.0
# What axe finds beyond these tags is advice, not a failure.
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# What moves comes to rest, such as the rail, which slides away from a page that becomes narrow.
_REST = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const moving = () => document.getAnimations().filter(each => each.effect.getComputedTiming().endTime < Infinity);
  for (await frame(), await frame(); moving().length > 0; await frame()) {
    await Promise.allSettled(moving().map(each => each.finished));
  }
}"""
_POST = """([path, body]) => fetch(path, {
  method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(body)
}).then(answer => answer.status)"""
_WATCH = "document.addEventListener('securitypolicyviolation', e => console.error('POLICY ' + e.violatedDirective))"


class Visit:
    """One browser context: somebody with a language, a colour scheme and cookies of their own."""

    def __init__(
        self, browser: Browser, url: str, *, language: str = "en", scheme: str = "light", elsewhere: str = ""
    ) -> None:
        """Nothing but `url` may be asked for anything, and `elsewhere`, where signing in there is the point."""
        self.url = url
        self._elsewhere = elsewhere
        # A narrow page is laid out otherwise; one judgement of each form is enough.
        self._judged = WIDTHS[-1:] if scheme == "light" else WIDTHS[:1]
        self.name = f"{language}-{scheme}"
        self.say = Words(language)
        self._context = browser.new_context(
            base_url=url,
            locale=language,
            color_scheme=scheme,
            timezone_id="Europe/Berlin",
            viewport={"width": WIDTHS[-1], "height": _HEIGHT},
            reduced_motion="reduce",
        )
        self._context.add_init_script(_WATCH)
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.fetched: list[str] = []
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._on_request)

    def go(self, path: str) -> None:
        """To a page of the console, until it has settled."""
        self.fetched.clear()
        self.page.goto(path)
        self.settle()

    def settle(self) -> None:
        """Waits until what was asked for has come: no skeleton, and no request under way."""
        self.page.locator("h1").first.wait_for()
        self.page.locator("[aria-busy=true]").first.wait_for(state="detached")
        self.page.wait_for_load_state("networkidle")

    def post(self, path: str, body: dict[str, object]) -> int:
        """Something done by the API as whoever is signed in here; the status of its answer."""
        return int(self.page.evaluate(_POST, [path, body]))

    def look(self, name: str) -> None:
        """Nobody is shut out of this page, nothing sticks out of it, and its pictures can be looked at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": _HEIGHT})
            # Charts follow the window a moment later.
            eventually(lambda: self._width() <= width, limit_s=_FITTING_S)  # noqa: B023 called at once
            self.page.evaluate(_REST)
            if width in self._judged:
                self.check_accessible(f"{name} at {width} px")
            self.page.screenshot(path=PICTURES / f"{name}-{self.name}-{width}.png")

    def check_accessible(self, name: str) -> None:
        """No violation that axe knows of, on the page as it stands."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE.read_text())
        options = json.dumps({"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]})
        found: dict[str, Any] = self.page.evaluate(f"axe.run(document, {options})")
        told = [
            f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
            for each in found["violations"]
            for node in each["nodes"][:3]
        ]
        assert not told, f"{name} ({self.name}):\n" + "\n".join(told)

    def _width(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def check(self) -> None:
        """What was seen on the way: no error in the browser's console, no request to another origin."""
        assert not self.errors, self.errors
        assert not self.foreign, self.foreign

    def close(self) -> None:
        self._context.close()

    def _on_console(self, message: ConsoleMessage) -> None:
        # A refusal of the API is shown by the page; that the browser notes it, too, is no error.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(message.text)

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and not request.url.startswith(self.url + "/"):
            is_known = self._elsewhere != "" and request.url.startswith(self._elsewhere + "/")
            if not is_known and not parts.path.startswith("/payments/"):
                self.foreign.append(request.url)
        elif parts.path.startswith(("/api/", "/admin/", "/v1/")) and request.resource_type == "fetch":
            self.fetched.append(f"{request.method} {parts.path}")
