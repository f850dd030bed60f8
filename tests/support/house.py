"""A deployment of a shipped profile, as an operator sets it up: every part a process or a socket of its own.

with open_house("payg-simple", database, data_dir) as house:    # farebox init, farebox serve, mail, providers, payments
    house.sell("m")                                             # a model that the simulated provider serves
    ada, ben = house.customers(2)                               # signed up, confirmed by the link of a real mail
    ada.call("m")                                               # with an API key of the account
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx
from anyio.from_thread import start_blocking_portal
from tests.support.mail import MailServer, mail_server, text_of
from tests.support.operator import PROVIDER_KEY, Operator
from tests.support.payments import CREEM_KEY, CREEM_SECRET, STRIPE_KEY, STRIPE_SECRET, PaymentsProcess, running_payments
from tests.support.postgres import TestDatabase
from tests.support.server import Server, eventually, farebox, running_server
from tests.support.simulator import SimulatorProcess, running_simulator
from tests.support.visitor import PATIENCE_S, Clerk, Customer

from farebox.boot.config import load_policy
from farebox.domain.policy import Policy
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.storage.database import Connection, connect
from farebox.worker.broadcasting import Broadcasting
from farebox.worker.risk_scan import RiskScan
from farebox.worker.store import try_lead

T = TypeVar("T")
CHANNEL = "up"
SECRET = {"FAREBOX_SECRET_KEY": "w7dNq4sVb2XgLk9TzRc5HpJm1YfUeA8o"}


class House:
    """All its parts."""

    def __init__(
        self,
        policy: Policy,
        server: Server,
        operator: Operator,
        clerk: Clerk,
        database: TestDatabase,
        *,
        env: Mapping[str, str],
        mail: MailServer,
        provider: SimulatorProcess,
        payments: PaymentsProcess,
    ) -> None:
        self.policy = policy
        self.server = server
        self.operator = operator
        self.clerk = clerk
        self.mail = mail
        self.provider = provider
        self.payments = payments
        self.env = env
        self._database = database
        self._visitors: list[Customer] = []
        self._clerks: list[Clerk] = []

    def visitor(self, address: str = "", device: str = "") -> Customer:
        """Somebody new, by default in a network of their own."""
        made = Customer(self.server, address or f"81.100.{len(self._visitors)}.7", device)
        self._visitors.append(made)
        return made

    def customers(self, count: int) -> list[Customer]:
        """People who have signed up and confirmed; their mails are waited for together."""
        made = [self.visitor() for _ in range(count)]
        for each in made:
            each.sign_up()
        for each in made:
            each.confirm(self.link_to(each.email))
        return made

    def link_to(self, email: str) -> str:
        """The newest link that was mailed to somebody."""
        text = self.mail_to(email)
        found = re.search(r"https?://\S+#\S+", text)
        assert found is not None, text
        return found[0]

    def mail_to(self, email: str, words: str = "") -> str:
        """The newest mail to an address whose subject or text has these words; it is waited for."""

        def look() -> str:
            texts = [f"{each['subject']}\n\n{text_of(each)}" for each in self.mail.told(email)]
            return next((text for text in reversed(texts) if words in text), "")

        return eventually(look, limit_s=PATIENCE_S)

    def add_channel(self, name: str, served_by: SimulatorProcess | None = None, **more: Any) -> None:
        """A way to a simulated provider, by default the one of the house, which speaks every dialect."""
        base_url = (served_by or self.provider).base_url
        added = {"name": name, "kind": "openai-compatible", "base_url": base_url, "api_key": PROVIDER_KEY}
        added |= {"allow_private": True, **more}
        self.clerk.post("/admin/channels", added)

    def sell(
        self, name: str, *routes: str, prices: tuple[str, str] = ("1000", "2000"), rates: Any = None, **more: Any
    ) -> None:
        """Put a model on sale; prices are those of a million tokens of input and output, routes are of channels."""
        wanted = {
            "name": name,
            "routes": [
                {"channel": each, "upstream_model": "sim-chat", "priority": place}
                for place, each in enumerate(routes or (CHANNEL,))
            ],
            "rates": rates or {"kind": "per_token", "prices": {"input": prices[0], "output": prices[1]}},
        }
        self.clerk.post("/admin/models", wanted | more)

    def publish_terms(self, title: str, *, days_ahead: float = 0, **more: Any) -> Any:
        """The next version of the terms."""
        effective_at = (datetime.now(UTC) + timedelta(days=days_ahead)).isoformat()
        texts = {"en": {"title": title, "body": "1. Be kind.", "summary": "We have made them clearer."}}
        return self.clerk.post("/admin/terms", {"texts": texts, "effective_at": effective_at, **more})

    def told_by_providers(self) -> None:
        """Everything that payment providers have to tell of has been received."""
        self.payments.wait_received(PATIENCE_S)

    def scan_for_risk(self) -> None:
        """Conduct is measured now, and not with the next minute."""
        self.perform(RiskScan(self.policy.risk, IdSource(), get_logger("test")).work)

    def mail_broadcasts(self) -> None:
        """What is to be told to many is queued now, and not with the next minute."""
        self.perform(Broadcasting(IdSource(), get_logger("test")).work)

    def happen(self, action: str, recharge: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Something happens to a recharge at its payment provider, and is told to us."""
        checkout = self.row("SELECT checkout_ref FROM recharge WHERE id = $1::text::uuid", recharge["id"])
        told = self.payments.act(action, checkout["checkout_ref"], **more)
        self.told_by_providers()
        return told

    def buy(self, owner: Customer, **wish: Any) -> Any:
        """A recharge that is paid, and credited where nobody has to look first."""
        recharge = owner.post("/api/recharges", wish)
        self.happen("pay", recharge)
        return self.until(owner, recharge, "review" if recharge["needs_review"] else "credited")

    def pay_again(self, recharge: Mapping[str, Any]) -> None:
        """The page to pay on was open twice, and both were paid: a second checkout of one recharge at Stripe."""
        wanted = {
            "mode": "payment",
            "success_url": self.server.url,
            "client_reference_id": recharge["id"],
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": recharge["currency"].lower(),
            "line_items[0][price_data][unit_amount]": str(recharge["price_minor"]),
        }
        address = f"{self.payments.stripe.api_base}/v1/checkout/sessions"
        opened = httpx.post(address, data=wanted, headers={"authorization": f"Bearer {STRIPE_KEY}"})
        assert opened.is_success, opened.text
        self.payments.act("pay", opened.json()["id"])
        self.told_by_providers()

    @staticmethod
    def until(owner: Customer, recharge: Mapping[str, Any], state: str) -> Any:
        """The recharge, once it is in this state."""

        def look() -> Any:
            found = owner.get(f"/api/recharges/{recharge['id']}")
            return found if found["state"] == state else None

        return eventually(look, limit_s=PATIENCE_S)

    def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """Read, or have time pass, as the owner of the schema: the application itself may not rewrite its records."""

        async def work() -> list[dict[str, Any]]:
            connection = await asyncpg.connect(self._database.owner_url)
            try:
                return [dict(row) for row in await connection.fetch(statement, *values)]
            finally:
                await connection.close()

        return _run(work())

    @contextmanager
    def long_ago(self, job_id: str, *, days: int) -> Iterator[None]:
        """A job ended so many days earlier, for a while.

        Not even the owner may rewrite jobs, so that triggers stand aside; and the sealer waits, who would seal the lie.
        """
        with asyncio.Runner() as runner:
            connection = runner.run(asyncpg.connect(self._database.admin_url))
            try:
                eventually(lambda: runner.run(try_lead(connection, "sealer")), limit_s=PATIENCE_S)
                runner.run(connection.execute("SET session_replication_role = replica"))
                moved = "UPDATE job SET finished_at = finished_at - make_interval(days => $2) WHERE id = $1::text::uuid"
                runner.run(connection.execute(moved, job_id, days))
                yield
                runner.run(connection.execute(moved, job_id, -days))
            finally:
                runner.run(connection.close())

    def row(self, statement: str, *values: Any) -> dict[str, Any]:
        (only,) = self.rows(statement, *values)
        return only

    def perform(self, duty: Callable[[Connection], Awaitable[None]]) -> None:
        """A duty of the worker now, where its own hour is too far away for a test."""

        async def work() -> None:
            connection = await connect(self._database.app_url, application_name="test-duty")
            try:
                await duty(connection)
            finally:
                await connection.close()

        _run(work())

    def another_clerk(self) -> Clerk:
        """A second operator with all scopes: some decisions take two."""
        made = self.operator.cli("operator", "add", "--email", "second@operator.example.com")
        clerk = Clerk(self.server.url, "81.102.0.7")
        self._clerks.append(clerk)
        clerk.begin(made["email"], made["password"])
        return clerk

    def another_node(self, data_dir: Path, profile: str, *edits: tuple[str, str]) -> AbstractContextManager[Server]:
        """A second node on the same database, with rules of its own."""
        write_policy(profile, data_dir, edits)
        return running_server(data_dir, "--workers", "1", env=self.env)

    def close(self) -> None:
        for each in (*self._visitors, *self._clerks):
            each.close()


def _run(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: the driver of a browser keeps the loop of whoever asks."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, work).result()


def write_policy(profile: str, data_dir: Path, edits: tuple[tuple[str, str], ...]) -> Path:
    """`farebox init`, and what this operator changes in the file: lines that are in it exactly once."""
    done = farebox("init", "--profile", profile, "--data", str(data_dir), "--json")
    assert done.returncode == 0, done.stderr
    path = Path(json.loads(done.stdout)["path"])
    text = path.read_text()
    for old, new in edits:
        assert text.count(f"\n{old}\n") == 1, old
        text = text.replace(f"\n{old}\n", f"\n{new}\n")
    path.write_text(text)
    return path


@contextmanager
def open_house(
    profile: str,
    database: TestDatabase,
    data_dir: Path,
    *edits: tuple[str, str],
    products: tuple[dict[str, Any], ...] = (),
    env: Mapping[str, str] | None = None,
) -> Iterator[House]:
    """The profile's file with these edits, served in `env`. A house is left with its books in order."""
    path = write_policy(profile, data_dir, edits)
    with ExitStack() as stack:
        provider = stack.enter_context(running_simulator())
        payments = stack.enter_context(running_payments(products=list(products)))
        portal = stack.enter_context(start_blocking_portal())
        mail = stack.enter_context(portal.wrap_async_context_manager(mail_server()))
        env = {**SECRET, **_environment(database, mail, payments), **(env or {})}
        server = stack.enter_context(running_server(data_dir, "--workers", "1", env=env))
        payments.set(stripe_webhook=f"{server.url}/webhooks/stripe", creem_webhook=f"{server.url}/webhooks/creem")
        operator = Operator(server, env)
        clerk = Clerk(server.url, "81.3.0.7")
        stack.callback(clerk.close)
        clerk.begin(server.ready["operator_email"], server.ready["operator_password"])
        policy = load_policy(path)
        house = House(
            policy, server, operator, clerk, database, env=env, mail=mail, provider=provider, payments=payments
        )
        house.add_channel(CHANNEL)
        stack.callback(house.close)
        yield house
        operator.check_ledger()


def _environment(database: TestDatabase, mail: MailServer, payments: PaymentsProcess) -> dict[str, str]:
    return {
        "FAREBOX_DATABASE_URL": database.app_url,
        "FAREBOX_DATABASE_OWNER_URL": database.owner_url,
        "FAREBOX_DEMO": "off",
        "FAREBOX_TRUSTED_PROXIES": "127.0.0.1/32",
        "FAREBOX_SMTP_URL": f"smtp+plain://127.0.0.1:{mail.port}",
        "FAREBOX_MAIL_FROM": "no-reply@farebox.example",
        "FAREBOX_STRIPE_SECRET_KEY": STRIPE_KEY,
        "FAREBOX_STRIPE_WEBHOOK_SECRET": STRIPE_SECRET,
        "FAREBOX_STRIPE_API_URL": payments.stripe.api_base,
        "FAREBOX_CREEM_API_KEY": CREEM_KEY,
        "FAREBOX_CREEM_WEBHOOK_SECRET": CREEM_SECRET,
        "FAREBOX_CREEM_API_URL": payments.creem.api_base,
    }
