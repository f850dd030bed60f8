"""The API of a console's page made slow, then away, then well again, without the seconds that this takes to be noticed.

outage = Outage(visit)
outage.live_through("/dashboard/logs")      # it says that it waits, that nobody answers, and then shows what it has
outage.stand_still_on("/quick-start")       # it has all that it shows
"""

from typing import Literal

from playwright.sync_api import Locator, Route, expect
from tests.support.pages import Visit
from tests.support.server import eventually

_PATIENCE_S = 30.0
# More than any of the waits that the console makes: until it says that it is slow, between tries, between looks.
_LEAP_MS = 6_000
_DOOR = "/api/session"
_TOLD = "The server did not answer."
# Some answers come along with the page; what is asked for here is what it does without any.
_TAKE_OUT = """new MutationObserver(() => document.getElementById("answers")?.remove())
  .observe(document, {childList: true, subtree: true})"""
# A server that is slow sends the page without the answers that it brings along otherwise. Scripts run after this.
_NOTHING_AHEAD = """document.addEventListener(
  'readystatechange', () => document.getElementById('answers')?.remove(), { once: true })"""


class Outage:
    """Takes over the clock and the requests of a visit, for good."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._state: Literal["well", "slow", "away"] = "well"
        self._held: list[Route] = []
        self._is_door_open = True
        visit.page.add_init_script(_TAKE_OUT)
        visit.page.clock.install()
        visit.page.add_init_script(_NOTHING_AHEAD)
        visit.page.route("**/*", self._on_request)

    def live_through(self, path: str, *, from_the_door: bool = False) -> None:
        """AssertionError with the path when the page does not say what is the matter, or does not recover.

        The question who is signed in is answered all the time, but `from_the_door`: it is about the page itself.
        """
        page, say = self._visit.page, self._visit.say
        self._state, self._is_door_open = "slow", not from_the_door
        page.goto(path)
        slow = page.get_by_text(say("components", "This takes longer than usual. Still waiting for the server…")).first
        self._until_visible(slow, f"{path} does not say that it is slow")
        self._state = "away"
        while self._held:
            self._held.pop().abort()
        away = page.get_by_text(say("components", "The server cannot be reached")).first
        self._until_visible(away, f"{path} does not say that the server is away")
        self._state = "well"
        eventually(lambda: self._leapt(away.count() == 0), limit_s=_PATIENCE_S)
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        expect(page.locator("main h1").first).to_be_visible()
        expect(slow).to_be_hidden()
        # React tells the browser's console, too, of what has come in the place of a page.
        self._visit.errors[:] = [each for each in self._visit.errors if _TOLD not in each]

    def stand_still_on(self, path: str) -> None:
        """A page that asks for nothing needs nothing."""
        self._state, self._is_door_open = "away", True
        self._visit.page.goto(path)
        expect(self._visit.page.locator("main h1")).to_be_visible()
        self._visit.page.clock.fast_forward(_LEAP_MS)
        expect(self._visit.page.locator("main").get_by_role("alert")).to_have_count(0)
        self._state = "well"

    def _until_visible(self, wanted: Locator, complaint: str) -> None:
        try:
            eventually(lambda: self._leapt(wanted.is_visible()), limit_s=_PATIENCE_S)
        except AssertionError as failure:
            seen = self._visit.page.locator("body").aria_snapshot()
            raise AssertionError(f"{complaint}:\n{seen}") from failure

    def _leapt(self, is_there: bool) -> bool:
        if not is_there:
            self._visit.page.clock.fast_forward(_LEAP_MS)
        return is_there

    def _on_request(self, route: Route) -> None:
        request = route.request
        is_let_in = self._is_door_open and request.url.endswith(_DOOR)
        if self._state == "well" or request.resource_type != "fetch" or is_let_in:
            route.fallback()
        elif self._state == "slow":
            self._held.append(route)
        else:
            route.abort()
