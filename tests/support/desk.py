"""An operator's desk: a browser in which somebody is signed in who looks after a house.

desk = Desk(house, browser)                     # all scopes, a second factor shown just now
visit = desk.sit_down(language="ja")
choose(visit.page, "Kind", "Maintenance")       # by the words that people read
"""

from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.house import House
from tests.support.pages import Visit
from tests.support.visitor import Clerk
from tests.support.words import Words

_ENGLISH = Words("en")


class Desk:
    """The browser of an operator, by default of the house's own."""

    def __init__(self, house: House, browser: Browser, clerk: Clerk | None = None) -> None:
        self.house = house
        self.clerk = clerk or house.clerk
        self.browser = browser
        self._cookies = self._session()

    def sit_down(self, **options: str) -> Visit:
        """Pages as the operator sees them, who is signed in."""
        visit = Visit(self.browser, self.house.server.url, **options)
        visit.page.context.add_cookies(self._cookies)
        return visit

    def forget_the_factor(self) -> None:
        """The last proof of a second factor was long ago, of everybody."""
        aged = "UPDATE session SET proved_at = now() - interval '1 day' RETURNING id"
        assert self.house.rows(aged)

    def show_the_factor(self, page: Page, code: str = "", say: Words = _ENGLISH) -> None:
        """What is asked for on the way: by default a backup code, of which each works once and there are ten."""
        proof = page.get_by_role("dialog", name=say("components", "Show your second factor"))
        proof.get_by_label(say("components", "Code of your authenticator app")).fill(
            code or self.clerk.backup_codes.pop()
        )
        button(proof, say("components", "Confirm")).click()
        expect(proof).to_be_hidden()
        self._take_over(page)

    def _take_over(self, page: Page) -> None:
        """Who shows a factor gets a new session, and the old one is over."""
        for each in page.context.cookies():
            self.clerk.http.cookies.set(each.get("name", ""), each.get("value", ""))
        self._cookies = self._session()

    def _session(self) -> list[dict[str, str]]:
        jar = self.clerk.http.cookies.jar
        return [{"name": each.name, "value": each.value or "", "url": self.house.server.url} for each in jar]


def button(where: Page | Locator, name: str) -> Locator:
    return where.get_by_role("button", name=name, exact=True)


def box(where: Page | Locator, name: str) -> Locator:
    return where.get_by_role("textbox", name=name, exact=True)


def choose(page: Page, field: str, option: str) -> None:
    """An option of a list that opens below its field."""
    box(page, field).click()
    page.get_by_role("option", name=option, exact=True).click()


def dialog_of(visit: Visit, what: str) -> Locator:
    """What the button opens; it shuts nobody out."""
    button(visit.page, what).first.click()
    # A drawer may be open below it.
    dialog = visit.page.get_by_role("dialog").filter(has=visit.page.locator("form"))
    expect(dialog).to_be_visible()
    visit.check_accessible(what)
    return dialog


def confirm(visit: Visit, where: Locator, deed: str, *, reason: str = "") -> None:
    """A deed behind a button that has its name; the dialog says what happens."""
    button(where, deed).click()
    dialog = visit.page.get_by_role("dialog", name=deed, exact=True)
    if reason:
        box(dialog, "Reason").fill(reason)
    visit.check_accessible(deed)
    button(dialog, deed).click()
    expect(dialog).to_be_hidden()


def row_of(page: Page, table: str, words: str) -> Locator:
    """Rows of a table in which these words stand."""
    return page.get_by_role("table", name=table).get_by_role("row").filter(has_text=words)
