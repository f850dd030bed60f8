"""The rooms of a customer beside the daily ones, by hand in a browser: webhooks, withdrawals, accounts, the end."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, Page, expect
from tests.support.desk import box, button
from tests.support.hook import Called, HookServer, hook_server
from tests.support.house import SECRET, House, open_house
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, running_oidc_provider
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase
from tests.support.server import eventually
from tests.support.visitor import PASSWORD, Customer

from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.storage.database import Connection
from farebox.upstream.client import UpstreamClient
from farebox.worker.webhook_sender import Reach, WebhookSender

pytestmark = pytest.mark.timeout(300)

MODEL = "room-1"
# Where the API lets a webhook lead, and where nobody answers.
_PUBLIC = "https://93.184.216.34/hook"
_EDITS = (('allowed = "never"', 'allowed = "always"'), ('migration = "never"', 'migration = "always"'))


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[OidcProvider]:
    with running_oidc_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HookServer]:
    folder = tmp_path_factory.mktemp("hook")
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(hook_server(folder)) as server:
        yield server


@pytest.fixture(scope="module")
def house(
    module_database: TestDatabase, module_data_dir: Path, elsewhere: OidcProvider, hook: HookServer
) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    env = {
        "FAREBOX_OIDC_NAME": "example",
        "FAREBOX_OIDC_ISSUER": elsewhere.issuer,
        "FAREBOX_OIDC_CLIENT_ID": CLIENT_ID,
        "FAREBOX_OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }
    with open_house("usd-aggregator", module_database, module_data_dir, *_EDITS, env=env) as opened:
        opened.sell(MODEL)
        yield opened


@pytest.fixture(scope="module")
def people(house: House) -> list[Customer]:
    """Two owners of accounts of their own; the first has bought credit and called, and the second works there, too."""
    ada, ben = house.customers(2)
    house.buy(ada, method="stripe", amount="20")
    ada.put("/api/account", {"name": "Ada's workshop"})
    ben.put("/api/account", {"name": "Ben's garage"})
    assert ada.call(MODEL).status == 200
    ada.post("/api/members/invitations", {"email": ben.email, "role": "developer"})
    link = re.search(r"#(\S+)", house.mail_to(ben.email, "Ada's workshop"))
    assert link is not None
    ben.post("/api/invitations/accept", {"secret": link[1]})
    return [ada, ben]


def _visit(browser: Browser, who: Customer, language: str = "en", scheme: str = "light", elsewhere: str = "") -> Visit:
    """Pages as a customer sees them, who is signed in."""
    seen = Visit(browser, who.server.url, language=language, scheme=scheme, elsewhere=elsewhere)
    jar = who.http.cookies.jar
    seen.page.context.add_cookies(
        [{"name": each.name, "value": each.value or "", "url": who.server.url} for each in jar]
    )
    return seen


def _leave(seen: Visit) -> None:
    seen.check()
    seen.close()


def test_events_reach_the_customers_own_server(
    house: House, browser: Browser, people: list[Customer], hook: HookServer
) -> None:
    """A webhook is added from beside the keys, tested with a signed call, given a new secret, switched off, removed."""
    ada = people[0]
    seen = _visit(browser, ada)
    page = seen.page
    seen.go("/dashboard/tokens")
    page.get_by_role("link", name="Webhooks").click()
    expect(page.get_by_text("No webhooks yet")).to_be_visible()
    button(page, "Add webhook").first.click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Address").fill("https://127.0.0.1/hook")
    button(dialog, "Add webhook").click()
    expect(box(dialog, "Address")).to_have_attribute("aria-invalid", "true")
    box(dialog, "Address").fill(_PUBLIC)
    button(dialog, "Add webhook").click()
    secret = dialog.locator(".secret").inner_text().strip()
    assert secret.startswith("whsec_")
    page.keyboard.press("Escape")
    button(dialog, "Done").click()
    house.rows("UPDATE webhook SET url = $1 RETURNING id", hook.url)
    page.reload()
    page.locator("tbody tr").first.get_by_role("button").click()
    drawer = page.get_by_role("dialog", name="Webhook")
    button(drawer, "Send a test").click()
    expect(drawer.get_by_role("status").first).to_contain_text("Sent. Waiting")
    eventually(lambda: _send(house, hook), limit_s=60)
    expect(drawer.get_by_text("Your server took it: HTTP 204.")).to_be_visible()
    assert _is_signed(hook.called[0], secret)
    assert secret not in page.content()
    drawer.get_by_role("button", name="delivered").first.click()
    expect(drawer.get_by_text("It works.")).to_be_visible()
    seen.look("webhook")
    button(drawer, "Replace secret").click()
    button(page.get_by_role("dialog", name="Replace the signing secret?"), "Replace secret").click()
    fresh = page.get_by_role("dialog", name="Replace secret")
    expect(fresh.locator(".secret")).not_to_have_text(secret)
    # It is shown this once: Escape ends neither it nor the drawer that it stands on.
    page.keyboard.press("Escape")
    seen.settle()
    expect(fresh.locator(".secret")).to_be_visible()
    button(fresh, "Done").click()
    button(drawer, "Switch off").click()
    button(page.get_by_role("dialog", name="Switch this webhook off?"), "Switch off").click()
    expect(button(drawer, "Send a test")).to_be_hidden()
    assert ada.get("/api/webhooks")["data"][0]["status"] == "disabled"
    button(drawer, "Switch on").click()
    expect(button(drawer, "Send a test")).to_be_visible()
    seen.go("/dashboard/webhooks")
    seen.look("webhooks")
    page.locator("tbody tr").first.get_by_role("button").click()
    button(drawer, "Remove").click()
    button(page.get_by_role("dialog", name="Remove this webhook?"), "Remove").click()
    expect(page.get_by_text("No webhooks yet")).to_be_visible()
    assert ada.get("/api/webhooks")["data"] == []
    _leave(seen)


def test_what_was_asked_for_is_seen_decided_and_taken_back(
    house: House, browser: Browser, people: list[Customer]
) -> None:
    """A dispute is withdrawn; a payout is asked for, cancelled, asked again, approved: the operator sees the same."""
    ada = people[0]
    seen = _visit(browser, ada)
    page = seen.page
    job = ada.get("/api/jobs")["data"][0]["id"]
    disputed = ada.post("/api/adjustments", {"job_id": job, "description": "It was cut off."})["id"]
    seen.go("/dashboard/refunds")
    disputes = page.get_by_role("table", name="Your disputes of charges")
    button(disputes, "Take back").click()
    expect(disputes.get_by_text("taken back")).to_be_visible()
    assert house.clerk.get(f"/admin/adjustments/{disputed}")["state"] == "withdrawn"
    asked = page.get_by_role("table", name="Withdrawals")
    for _ in range(2):
        _ask_payout(page)
        expect(asked.get_by_text("being decided")).to_be_visible()
        waiting = house.clerk.get("/admin/withdrawals", state="asked")["data"]
        assert [each["destination"] for each in waiting] == ["IBAN DE02 1203 0000 0000 2020 51, Ada"]
        if len(asked.locator("tbody tr").all()) == 1:
            button(asked, "Cancel request").click()
            expect(asked.get_by_text("cancelled")).to_be_visible()
    seen.settle()
    seen.look("withdrawals")
    house.clerk.decide(f"/admin/withdrawals/{waiting[0]['id']}/approve", {})
    seen.go("/dashboard/refunds")
    expect(asked.get_by_text("approved, being paid")).to_be_visible()
    assert ada.balance == 0
    house.clerk.decide(f"/admin/withdrawals/{waiting[0]['id']}/give-back", {"note": "the bank refused it"})
    seen.go("/dashboard/credits?lots=all")
    expect(page.get_by_role("table", name="Ledger").get_by_text("Paid out")).to_be_visible()
    expect(page.get_by_role("table", name="What the balance is made of").locator("tbody tr")).not_to_have_count(0)
    # A recharge in the ledger leads to its payment.
    page.get_by_role("table", name="Ledger").get_by_role("link", name="Recharge").click()
    payment = page.get_by_role("dialog", name="Payment")
    expect(payment.get_by_text("stripe")).to_be_visible()
    seen.settle()
    seen.look("payment")
    _leave(seen)


def _ask_payout(page: Page) -> None:
    button(page, "Withdraw").click()
    dialog = page.get_by_role("dialog", name="Withdraw")
    dialog.get_by_label("Pay out", exact=True).check()
    button(dialog, "All of it").click()
    dialog.get_by_label("Where to pay to").fill("IBAN DE02 1203 0000 0000 2020 51, Ada")
    button(dialog, "Send request").click()
    expect(dialog.get_by_text("Your request was sent.")).to_be_visible()
    dialog.locator("button", has_text="Close").click()
    expect(dialog).to_be_hidden()


def test_somebody_with_two_accounts(house: House, browser: Browser, people: list[Customer]) -> None:
    """The menu turns to the other account, in all tabs, with nothing left of the first; a shared link finds its own."""
    ada, ben = people
    ben.post("/api/session/account", {"account_id": ben.account_id})
    seen = _visit(browser, ben)
    page = seen.page
    seen.go("/dashboard")
    other_tab = page.context.new_page()
    other_tab.goto("/dashboard/credits")
    expect(other_tab.get_by_text("No entries yet")).to_be_visible()
    _turn_to(page, "Ada's workshop")
    expect(page.get_by_role("table", name="Recent calls")).to_be_visible()
    assert ada.balance > 0
    expect(page.get_by_role("link", name=re.compile(r"^Spendable \$0\.00\.")).first).to_be_hidden()
    other_tab.wait_for_url("**/dashboard")
    expect(other_tab.get_by_role("table", name="Recent calls")).to_be_visible()
    other_tab.close()
    page.get_by_role("button", name="Your menu").click()
    expect(page.get_by_role("menuitem", name="Ada's workshop")).to_have_attribute("aria-current", "true")
    seen.settle()
    seen.look("accounts")
    page.get_by_role("menuitem", name="Ben's garage").click()
    expect(page.get_by_text("No calls yet").first).to_be_visible()
    # A link that Ada has sent.
    key = ada.get("/api/keys")["data"][0]
    seen.go(f"/dashboard/tokens?key={key['id']}")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("may belong to another account")).to_be_visible()
    seen.look("link-of-another-account")
    button(drawer, "Look in Ada's workshop").click()
    expect(drawer.get_by_text(key["prefix"])).to_be_visible()
    assert ben.get("/api/session")["account_id"] == ada.account_id
    _leave(seen)


def _turn_to(page: Page, account: str) -> None:
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name=account).click()


def test_ways_to_sign_in_are_named_linked_and_unlinked(
    house: House, browser: Browser, people: list[Customer], elsewhere: OidcProvider
) -> None:
    """A passkey gets another name; an account elsewhere is linked, signs in, and is unlinked again."""
    ben = people[1]
    kept = "INSERT INTO passkey (id, person_id, credential_id, public_key, name) SELECT $1, id, $2, '', 'old laptop' "
    house.rows(f"{kept} FROM person WHERE email = $3 RETURNING id", uuid4(), uuid4().bytes, ben.email)
    seen = _visit(browser, ben, elsewhere=elsewhere.issuer)
    page = seen.page
    seen.go("/dashboard/settings/security")
    expect(page.get_by_text("old laptop")).to_be_visible()
    button(page, "Rename").click()
    dialog = page.get_by_role("dialog", name="Rename the passkey")
    box(dialog, "Name of the passkey").fill("new laptop")
    button(dialog, "Rename").click()
    expect(page.get_by_text("new laptop")).to_be_visible()
    house.rows("DELETE FROM passkey RETURNING id")
    seen.go("/dashboard/settings/security")
    seen.look("settings-security-linked")
    # Somebody else's account of there is not linked to a second person here.
    page.get_by_role("heading", name="Accounts elsewhere").locator("..").get_by_label("Your password").fill(PASSWORD)
    elsewhere.set(lie="other_key")
    button(page, "Link example").click()
    expect(page.get_by_text("The account was not linked.")).to_be_visible()
    elsewhere.set(claims={"email": ben.email, "email_verified": True})
    page.get_by_role("heading", name="Accounts elsewhere").locator("..").get_by_label("Your password").fill(PASSWORD)
    button(page, "Link example").click()
    expect(button(page, "Unlink")).to_be_visible()
    button(page, "Unlink").click()
    expect(button(page, "Link example")).to_be_visible()
    for each in page.context.cookies():
        ben.http.cookies.set(each.get("name", ""), each.get("value", ""))
    assert ben.get("/api/security")["oidc"] == []
    _leave(seen)


def test_an_owner_hands_over_and_is_erased(house: House, browser: Browser, people: list[Customer]) -> None:
    """As the last owner nobody is erased; afterwards the account goes on, and whoever is erased signs in no more."""
    ada, ben = people
    ben.post("/api/session/account", {"account_id": ada.account_id})
    seen = _visit(browser, ada)
    page = seen.page
    _ask_erasure(page, seen, PASSWORD)
    dialog = page.get_by_role("dialog", name="Erase myself")
    expect(dialog.get_by_role("alert")).to_contain_text("at least one owner")
    seen.go("/dashboard/settings/members")
    seen.look("members")
    button(page, "Hand over").click()
    button(page.get_by_role("dialog"), "Hand over ownership").click()
    expect(button(page, "Hand over")).to_be_hidden()
    roles = {each["email"]: each["role"] for each in ben.get("/api/members")["data"]}
    assert roles == {ada.email: "developer", ben.email: "owner"}
    _ask_erasure(page, seen, "not the password")
    expect(dialog.get_by_role("alert")).to_be_visible()
    seen.look("erase")
    dialog.get_by_label("Your password").fill(PASSWORD)
    button(dialog, "Erase myself").click()
    expect(page.get_by_text("Your personal data was erased.")).to_be_visible()
    assert ada.refused("/api/session", {"email": ada.email, "password": PASSWORD})[0] == 401
    assert [each["email"] for each in ben.get("/api/members")["data"]] == [ben.email]
    assert ben.get("/api/ledger")["data"]
    _leave(seen)


def _ask_erasure(page: Page, seen: Visit, password: str) -> None:
    seen.go("/dashboard/settings/profile")
    button(page, "Erase myself").click()
    dialog = page.get_by_role("dialog", name="Erase myself")
    expect(button(dialog, "Erase myself")).to_be_disabled()
    box(dialog, "Type “erase me”").fill("erase me")
    dialog.get_by_label("Your password").fill(password)
    button(dialog, "Erase myself").click()


def _send(house: House, hook: HookServer) -> bool:
    """What waits is sent now, to an address that only a test may reach; whether anything has come."""

    async def work(connection: Connection) -> None:
        await connection.execute("UPDATE webhook_delivery SET next_at = now() WHERE state = 'waiting'")
        client = UpstreamClient()
        try:
            reach = Reach(allow_private=True, ca_file=hook.ca_file)
            seal = Seal(SECRET["FAREBOX_SECRET_KEY"].encode())
            sender = WebhookSender(client, seal, IdSource(), SystemClock(), get_logger("test"), reach=reach)
            await sender.work(connection)
        finally:
            await client.close()

    house.perform(work)
    return bool(hook.called)


def _is_signed(called: Called, secret: str) -> bool:
    told = f"{called.headers['webhook-id']}.{called.headers['webhook-timestamp']}.".encode() + called.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return expected in called.headers["webhook-signature"].split(" ")
