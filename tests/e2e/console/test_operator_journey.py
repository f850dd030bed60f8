"""An operator's day in the console, by hand in a real browser on a running node; and every page of it looked at."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.house import Customer, House, open_house
from tests.support.operator import PROVIDER_KEY
from tests.support.pages import PATIENCE_MS, Visit
from tests.support.postgres import TestDatabase
from tests.support.server import eventually

pytestmark = pytest.mark.timeout(400)

PROFILE = "discount-relay"
MODEL = "journey-1"
_QUEUES = ("recharges", "refunds", "adjustments", "disputes", "withdrawals", "risk", "approvals", "closings", "cases")
_AREAS = (
    *("announcements", "terms", "mail", "discounts", "groups", "codes", "payments", "events", "margins"),
    *("people", "invitations", "operators", "tokens", "audit"),
)


class Desk:
    """The operator's browser, and the house that is looked after."""

    def __init__(self, house: House, browser: Browser, customer: Customer) -> None:
        self.house = house
        self.customer = customer
        self._browser = browser
        jar = house.clerk.http.cookies.jar
        self._cookies = [{"name": each.name, "value": each.value or "", "url": house.server.url} for each in jar]

    def sit_down(self, **options: str) -> Visit:
        """Pages as the operator sees them, who is signed in."""
        visit = Visit(self._browser, self.house.server.url, **options)
        visit.page.context.add_cookies(self._cookies)
        return visit

    def keep(self, visit: Visit) -> None:
        """Who shows a factor gets a new session: that of the next visits."""
        kept = visit.page.context.cookies()
        url = self.house.server.url
        self._cookies = [{"name": each.get("name", ""), "value": each.get("value", ""), "url": url} for each in kept]

    def forget_the_factor(self) -> None:
        """The last proof of a second factor was long ago."""
        # In a thread of its own: the browser's driver keeps the loop of this one.
        with ThreadPoolExecutor(1) as elsewhere:
            aged = "UPDATE session SET proved_at = now() - interval '1 day' RETURNING id"
            assert elsewhere.submit(self.house.rows, aged).result()


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    with open_house(PROFILE, module_database, module_data_dir) as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(house: House, browser: Browser) -> Desk:
    """A house with one customer."""
    expect.set_options(timeout=PATIENCE_MS)
    (customer,) = house.customers(1)
    return Desk(house, browser, customer)


def button(where: Page | Locator, name: str) -> Locator:
    return where.get_by_role("button", name=name, exact=True)


def box(where: Page | Locator, name: str) -> Locator:
    return where.get_by_role("textbox", name=name, exact=True)


def choose(page: Page, field: str, option: str) -> None:
    box(page, field).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_an_operators_day(desk: Desk) -> None:
    """First channel, model with price, recharge, freeze, stop, price change, announcement, support, audit: by hand."""
    visit, house, customer = desk.sit_down(), desk.house, desk.customer
    page = visit.page
    add_channel(page, house)
    add_model(page)
    review_recharge(page, customer)
    eventually(lambda: customer.call(MODEL).status == 200)
    freeze_and_let_go(page, customer)
    stop_and_resume(desk, page, customer)
    desk.keep(visit)
    change_price(page)
    announce(page, customer)
    answer_support(page, customer)
    read_the_trail(page)
    visit.check()
    visit.close()


def add_channel(page: Page, house: House) -> None:
    """Preset first, three fields, the rest folded; then a test that shows its timing."""
    page.goto("/admin/channels")
    button(page, "Add channel").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Provider").fill("any other")
    page.get_by_role("option", name="any other server of OpenAI's dialect").click()
    box(dialog, "Name").fill("hand")
    box(dialog, "Address").fill(house.provider.base_url)
    dialog.get_by_label("API key of the provider").fill(PROVIDER_KEY)
    button(dialog, "Address, dialect and caps").click()
    dialog.get_by_role("checkbox", name="Private addresses may be reached").check()
    button(dialog, "Add channel").click()
    drawer = page.get_by_role("dialog", name="hand")
    button(drawer, "Test").click()
    expect(drawer.get_by_text("It works")).to_be_visible()
    expect(drawer.get_by_text("First byte")).to_be_visible()
    assert PROVIDER_KEY not in page.content()


def add_model(page: Page) -> None:
    page.goto("/admin/models")
    button(page, "Add model").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Name").fill(MODEL)
    choose(page, "Channel", "hand")
    box(dialog, "Name at the provider").fill("sim-chat")
    box(dialog, "Cost of input").fill("0.5")
    box(dialog, "Cost of output").fill("1")
    box(dialog, "Input").fill("1")
    box(dialog, "Output").fill("2")
    button(dialog, "Add model").click()
    expect(page).to_have_url(f"{page.url.split('/admin')[0]}/admin/models/{MODEL}")
    expect(page.get_by_role("heading", name=MODEL)).to_be_visible()


def review_recharge(page: Page, customer: Customer) -> None:
    """By keyboard: j opens the item, a its form."""
    wish = {"method": "manual", "amount": "25", "evidence": f"wire {uuid4()}", "note": "paid on Monday"}
    customer.post("/api/recharges", wish)
    page.goto("/admin/review/recharges")
    expect(page.get_by_text("$25.00")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_text("paid on Monday")).to_be_visible()
    page.keyboard.press("a")
    box(page, "Note").fill("seen on the statement")
    button(page, "Approve").click()
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    assert customer.balance == 25


def freeze_and_let_go(page: Page, customer: Customer) -> None:
    page.goto("/admin/accounts")
    box(page, "Search").fill(customer.email)
    page.get_by_role("cell", name=customer.email).get_by_role("button").click()
    for deed, status in (("Freeze", "frozen"), ("Unfreeze", "active")):
        button(page, deed).click()
        dialog = page.get_by_role("dialog")
        box(dialog, "Reason").fill("a card was reported stolen")
        button(dialog, deed).click()
        expect(page.get_by_role("row", name="Status").get_by_text(status)).to_be_visible()
        if status == "frozen":
            eventually(lambda: customer.call(MODEL).status == 403)
    eventually(lambda: customer.call(MODEL).status == 200)


def stop_and_resume(desk: Desk, page: Page, customer: Customer) -> None:
    """One click away, two steps; guarded by a second factor, which is asked for and shown on the way."""
    desk.forget_the_factor()
    page.goto("/admin/jobs")
    button(page, "Emergency stop").click()
    dialog = page.get_by_role("dialog", name="Emergency stop")
    box(dialog, "Reason").fill("a leak at the provider")
    button(dialog, "Go on").click()
    dialog.get_by_role("switch").check()
    button(dialog, "Stop now").click()
    proof = page.get_by_role("dialog", name="Show your second factor")
    proof.get_by_label("Code of your authenticator app").fill(desk.house.clerk.next_code())
    button(proof, "Confirm").click()
    notice = page.get_by_role("status").filter(has_text="Stopped")
    expect(notice).to_be_visible()
    eventually(lambda: customer.call(MODEL).status == 503)
    button(notice, "Show").click()
    button(page.get_by_role("dialog"), "Resume").click()
    expect(notice).to_be_hidden()
    eventually(lambda: customer.call(MODEL).status == 200)


def change_price(page: Page) -> None:
    """A rise is previewed, keeps the notice of the policy, and can be taken back until then."""
    page.goto(f"/admin/models/{MODEL}")
    button(page, "Change prices").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Output").fill("4")
    button(dialog, "Preview the effect").click()
    expect(dialog.get_by_text("Would be charged")).to_be_visible()
    box(dialog, "Reason").fill("the provider's rise")
    button(dialog, "Change prices").click()
    history = page.get_by_role("table", name="Prices over time")
    expect(history.get_by_text("coming")).to_be_visible()
    expect(history.get_by_text("$1.00 / $4.00")).to_be_visible()


def announce(page: Page, customer: Customer) -> None:
    page.goto("/admin/operation/announcements")
    button(page, "Announce").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Title").fill("New model")
    dialog.get_by_role("textbox", name="Text").first.fill("It is called by its name.")
    button(dialog, "Announce").click()
    expect(page.get_by_role("cell", name="New model")).to_be_visible()
    assert "New model" in str(customer.get("/api/public/announcements"))


def answer_support(page: Page, customer: Customer) -> None:
    """With words that are kept for the next time."""
    customer.post("/api/support", {"subject": "An invoice", "message": "With our number, please."})
    page.goto("/admin/support")
    button(page, "Reply templates").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Name").fill("sent")
    box(dialog, "Message").fill("It is on its way.")
    button(dialog, "Save template").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="An invoice").click()
    expect(page.get_by_text("With our number, please.")).to_be_visible()
    choose(page, "Template", "sent (en)")
    expect(box(page, "Answer")).to_have_value("It is on its way.")
    button(page, "Send").click()
    expect(page.get_by_role("article").filter(has_text="It is on its way.")).to_be_visible()


def read_the_trail(page: Page) -> None:
    """Each deed is a line, with its reason; the chain is whole."""
    page.goto("/admin/operation/audit")
    trail = page.get_by_role("table", name="Audit trail")
    for action in ("channel.add", "model.add", "recharge.approve", "account.freeze", "price.set", "announcement"):
        expect(trail.get_by_text(action).first).to_be_visible()
    expect(trail.get_by_text("a card was reported stolen").first).to_be_visible()
    button(page, "Check the chain").click()
    expect(page.get_by_text("The chain is whole.")).to_be_visible()


_PAGES = (
    *("/admin", "/admin/jobs", "/admin/support", "/admin/channels", "/admin/models", "/admin/accounts"),
    *(f"/admin/review/{queue}" for queue in _QUEUES),
    *(f"/admin/operation/{area}" for area in _AREAS),
)
# One of each layout.
_SOME = ("/admin", "/admin/channels", "/admin/review/recharges", "/admin/operation/operators", "/admin/operation/audit")


@pytest.mark.parametrize(("language", "scheme", "paths"), [("zh-CN", "light", _PAGES), ("en", "dark", _SOME)])
def test_no_page_shuts_anybody_out(desk: Desk, language: str, scheme: str, paths: tuple[str, ...]) -> None:
    """Axe finds nothing, nothing sticks out at any width, nothing is against the policy of the page."""
    visit = desk.sit_down(language=language, scheme=scheme)
    account = f"/admin/accounts/{desk.customer.account_id}"
    for path in (*paths, account, "/admin/channels?channel=up"):
        visit.go(path)
        name = "admin-account" if path == account else path.removeprefix("/").replace("/", "-").replace("?", "-")
        visit.look(name)
    visit.check()
    visit.close()
