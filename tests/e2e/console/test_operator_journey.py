"""An operator's day in the console, by hand in a real browser on a running node; and every page of it looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.desk import Desk, box, button, choose
from tests.support.house import Customer, House, open_house
from tests.support.operator import PROVIDER_KEY
from tests.support.outage import Outage
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase
from tests.support.server import eventually
from tests.support.words import Words

pytestmark = pytest.mark.timeout(400)

PROFILE = "discount-relay"
_QUEUES = ("recharges", "refunds", "adjustments", "disputes", "withdrawals", "risk", "approvals", "closings", "cases")
_AREAS = (
    *("announcements", "terms", "texts", "mail", "discounts", "groups", "codes", "payments", "events", "margins"),
    *("statements", "reconciliation", "people", "invitations", "operators", "tokens", "audit", "policy", "signals"),
    "winddown",
)


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    with open_house(PROFILE, module_database, module_data_dir) as opened:
        yield opened


@pytest.fixture(scope="module")
def customer(house: House) -> Customer:
    (only,) = house.customers(1)
    return only


@pytest.fixture(scope="module")
def desk(house: House, browser: Browser, customer: Customer) -> Desk:
    """A house with one customer."""
    return Desk(house, browser)


@dataclass(frozen=True)
class Day:
    """One operator at the desk, who works in a language; what they make has names of its own."""

    desk: Desk
    visit: Visit
    customer: Customer

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def say(self) -> Words:
        return self.visit.say

    @property
    def model(self) -> str:
        return f"journey-{self.visit.name.lower()}"

    @property
    def theft(self) -> str:
        return f"a card of {self.model} was reported stolen"

    def answers(self, status: int) -> None:
        """The customer's calls are answered so, from now on."""
        eventually(lambda: self.customer.call(self.model).status == status)

    def open(self, name: str) -> Locator:
        """A dialog that a button of this name opens, and in which nobody is shut out."""
        button(self.page, name).click()
        dialog = self.page.get_by_role("dialog")
        dialog.wait_for()
        self.visit.check_accessible(name)
        return dialog


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-CN", "dark")])
def test_an_operators_day(desk: Desk, customer: Customer, language: str, scheme: str) -> None:
    """First channel, model with price, recharge, freeze, stop, price change, announcement, support, audit: by hand."""
    day = Day(desk, desk.sit_down(language=language, scheme=scheme), customer)
    add_channel(day)
    add_model(day)
    review_recharge(day)
    day.answers(200)
    freeze_and_let_go(day)
    stop_and_resume(day)
    change_price(day)
    announce(day)
    answer_support(day)
    read_the_trail(day)
    day.visit.check()
    day.visit.close()


def add_channel(day: Day) -> None:
    """Preset first, three fields, the rest folded; then a test that shows its timing."""
    page, say = day.page, day.say
    page.goto("/admin/channels")
    dialog = day.open(say("admin/channels", "Add channel"))
    box(dialog, say("admin/channels", "#preset")).fill("any other")
    page.get_by_role("option", name="any other server of OpenAI's dialect").click()
    box(dialog, say("admin/channels", "Name")).fill(day.model)
    box(dialog, say("admin/channels", "Address")).fill(day.desk.house.provider.base_url)
    dialog.get_by_label(say("admin/channels", "API key of the provider")).fill(PROVIDER_KEY)
    button(dialog, say("admin/channels", "Address, dialect and caps")).click()
    dialog.get_by_role("checkbox", name=say("admin/channels", "Private addresses may be reached")).check()
    button(dialog, say("admin/channels", "Add channel")).click()
    drawer = page.get_by_role("dialog", name=day.model)
    button(drawer, say("admin/channels", "#test")).click()
    expect(drawer.get_by_text(say("admin/channels", "It works"))).to_be_visible()
    expect(drawer.get_by_text(say("admin/channels", "First byte"))).to_be_visible()
    assert PROVIDER_KEY not in page.content()


def add_model(day: Day) -> None:
    page, say = day.page, day.say
    page.goto("/admin/models")
    dialog = day.open(say("admin/models", "Add model"))
    box(dialog, say("admin/models", "Name")).fill(day.model)
    choose(page, say("admin/models", "Channel"), day.model)
    box(dialog, say("admin/models", "Name at the provider")).fill("sim-chat")
    box(dialog, say("admin/models", "Cost of input")).fill("0.5")
    box(dialog, say("admin/models", "Cost of output")).fill("1")
    box(dialog, say("admin/models", "Input")).fill("1")
    box(dialog, say("admin/models", "Output")).fill("2")
    button(dialog, say("admin/models", "Add model")).click()
    page.wait_for_url(f"**/admin/models/{day.model}")
    expect(page.get_by_role("heading", name=day.model)).to_be_visible()


def review_recharge(day: Day) -> None:
    """By keyboard: j opens the item, a its form."""
    page, say, before = day.page, day.say, day.customer.balance
    wish = {"method": "manual", "amount": "25", "evidence": f"wire {uuid4()}", "note": "paid on Monday"}
    day.customer.post("/api/recharges", wish)
    page.goto("/admin/review/recharges")
    expect(page.get_by_text("$25.00")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_text("paid on Monday")).to_be_visible()
    page.keyboard.press("a")
    box(page, say("admin/review", "Note")).fill("seen on the statement")
    button(page, say("admin/review", "Approve")).click()
    expect(page.get_by_text(say("admin/review", "Nothing waits here"))).to_be_visible()
    assert day.customer.balance == before + 25


def freeze_and_let_go(day: Day) -> None:
    page, say, email = day.page, day.say, day.customer.email
    page.goto("/admin/accounts")
    box(page, say("admin/accounts", "Search")).fill(email)
    page.wait_for_url("**/admin/accounts?q=**")
    page.get_by_role("cell", name=email).get_by_role("button").click()
    for english, status, answered in (("Freeze", "frozen", 403), ("Unfreeze", "active", 200)):
        deed = say("admin/accounts", english)
        dialog = day.open(deed)
        box(dialog, say("admin", "Reason")).fill(day.theft)
        button(dialog, deed).click()
        shown = page.get_by_role("row", name=say("admin", "Status"))
        expect(shown.get_by_text(say("admin", status), exact=True)).to_be_visible()
        day.answers(answered)


def stop_and_resume(day: Day) -> None:
    """One click away, two steps; guarded by a second factor, which is asked for and shown on the way."""
    page, say = day.page, day.say
    day.desk.forget_the_factor()
    page.goto("/admin/jobs")
    dialog = day.open(say("admin/stop", "Emergency stop"))
    # In a hurry one types the reason first.
    expect(box(dialog, say("admin/stop", "Reason"))).to_be_focused()
    box(dialog, say("admin/stop", "Reason")).fill("a leak at the provider")
    button(dialog, say("admin/stop", "Go on")).click()
    dialog.get_by_role("switch").check()
    button(dialog, say("admin/stop", "Stop now")).click()
    day.desk.show_the_factor(page, say=say)
    stopped = say("admin/stop", "Stopped: {what}", what=say("admin/stop", "Everything"))
    notice = page.get_by_role("status").filter(has_text=stopped)
    expect(notice).to_be_visible()
    day.answers(503)
    day.visit.look("journey-stopped")
    button(notice, say("admin/stop", "Show")).click()
    button(page.get_by_role("dialog"), say("admin/stop", "Resume")).click()
    expect(notice).to_be_hidden()
    day.answers(200)


def change_price(day: Day) -> None:
    """A rise is previewed, keeps the notice of the policy, and can be taken back until then."""
    page, say = day.page, day.say
    page.goto(f"/admin/models/{day.model}")
    dialog = day.open(say("admin/models", "Change prices"))
    box(dialog, say("admin/models", "Output")).fill("4")
    button(dialog, say("admin/models", "Preview the effect")).click()
    expect(dialog.get_by_text(say("admin/models", "Would be charged"))).to_be_visible()
    box(dialog, say("admin", "Reason")).fill("the provider's rise")
    button(dialog, say("admin/models", "Change prices")).click()
    history = page.get_by_role("table", name=say("admin/models", "Prices over time"))
    expect(history.get_by_text(say("admin/models", "coming"))).to_be_visible()
    expect(history.get_by_text("$1.00 / $4.00")).to_be_visible()


def announce(day: Day) -> None:
    page, say, title = day.page, day.say, f"New: {day.model}"
    page.goto("/admin/operation/announcements")
    dialog = day.open(say("admin/notices", "Announce"))
    box(dialog, say("admin/notices", "Title")).fill(title)
    dialog.get_by_role("textbox", name=say("admin/notices", "Text")).first.fill("It is called by its name.")
    button(dialog, say("admin/notices", "Announce")).click()
    expect(page.get_by_role("cell", name=title)).to_be_visible()
    assert title in str(day.customer.get("/api/public/announcements"))


def answer_support(day: Day) -> None:
    """With words that are kept for the next time."""
    page, say, subject = day.page, day.say, f"An invoice for {day.model}"
    day.customer.post("/api/support", {"subject": subject, "message": "With our number, please."})
    page.goto("/admin/support")
    dialog = day.open(say("admin/support", "Reply templates"))
    box(dialog, say("admin/support", "#templateName")).fill(day.model)
    box(dialog, say("admin/support", "Message")).fill("It is on its way.")
    button(dialog, say("admin/support", "Save template")).click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name=subject).click()
    expect(page.get_by_text("With our number, please.")).to_be_visible()
    choose(page, say("admin/support", "Template"), f"{day.model} (en)")
    expect(box(page, say("admin/support", "Answer"))).to_have_value("It is on its way.")
    button(page, say("admin/support", "Send")).click()
    expect(page.get_by_role("article").filter(has_text="It is on its way.")).to_be_visible()


def read_the_trail(day: Day) -> None:
    """Each deed is a line, with its reason; the chain is whole."""
    page, say = day.page, day.say
    page.goto("/admin/operation/audit")
    trail = page.get_by_role("table", name=say("admin/audit", "Audit trail"))
    for action in ("channel.add", "model.add", "recharge.approve", "account.freeze", "price.set", "announcement.make"):
        words = say("admin/audit/actions", f"#action_{action.replace('.', '_')}")
        expect(trail.get_by_text(words, exact=True).first).to_be_visible()
    expect(trail.get_by_text(day.theft).first).to_be_visible()
    button(page, say("admin/audit", "Check the chain")).click()
    expect(page.get_by_text(say("admin/audit", "The chain is whole."))).to_be_visible()


_PAGES = (
    *("/admin", "/admin/jobs", "/admin/support", "/admin/channels", "/admin/models", "/admin/accounts"),
    *(f"/admin/review/{queue}" for queue in _QUEUES),
    *(f"/admin/operation/{area}" for area in _AREAS),
)
# One of each layout.
_SOME = ("/admin", "/admin/channels", "/admin/review/recharges", "/admin/operation/operators", "/admin/operation/audit")


@pytest.mark.parametrize(("language", "scheme", "paths"), [("zh-CN", "light", _PAGES), ("en", "dark", _SOME)])
def test_no_page_shuts_anybody_out(
    desk: Desk, customer: Customer, language: str, scheme: str, paths: tuple[str, ...]
) -> None:
    """Axe finds nothing, nothing sticks out at any width, nothing is against the policy of the page."""
    visit = desk.sit_down(language=language, scheme=scheme)
    account = f"/admin/accounts/{customer.account_id}"
    for path in (*paths, account, "/admin/channels?channel=up"):
        visit.go(path)
        name = "admin-account" if path == account else path.removeprefix("/").replace("/", "-").replace("?", "-")
        visit.look(name)
    visit.check()
    visit.close()


def test_every_page_says_that_the_server_is_slow_or_away_and_recovers(desk: Desk, customer: Customer) -> None:
    """After some seconds a page says that it waits, without an answer that there is none; then it goes on by itself."""
    visit = desk.sit_down()
    outage = Outage(visit)
    outage.live_through("/admin", from_the_door=True)
    for path in (*_PAGES, f"/admin/accounts/{customer.account_id}"):
        outage.live_through(path)
    visit.check()
    visit.close()
