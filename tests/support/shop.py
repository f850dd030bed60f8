"""A control API and simulated payment providers that know each other; what happens over there is one call away.

async with running_shop(database, policy) as shop:
    owner = await shop.control.member()
    recharge = await shop.recharge(owner, amount="20")
    await shop.act("pay", recharge)                     # pays, and waits until the event was received
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import msgspec
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.payments import PaymentsProcess, start_payments
from tests.support.postgres import TestDatabase

from farebox.domain.policies.money import Package, RechargePolicy
from farebox.domain.policy import Policy
from farebox.payments.books import Books
from farebox.payments.events import Providers
from farebox.payments.stripe.api import load_objects

# Before any loop runs: Stripe's library takes its time to load, and keeps others waiting even from a thread.
load_objects()

PRODUCT = {"id": "prod_pack", "price": 1000, "currency": "USD", "tax_mode": "exclusive", "tax_percent": 21}
FREE_PRODUCT = {"id": "prod_free", "price": 100, "currency": "USD"}
SALE = RechargePolicy(
    stripe="automatic",
    creem="automatic",
    creem_free_product="prod_free",
    packages=(Package(id="ten", credit="10", price_minor=1000, currency="USD", bonus="1", creem_product="prod_pack"),),
)


class Shop:
    """Both sides of payments."""

    def __init__(self, control: RunningControl, simulated: PaymentsProcess) -> None:
        self.control = control
        self.simulated = simulated

    @property
    def books(self) -> Books:
        services = self.control.services
        return Books(services.policy, services.ledger, services.ids)

    @property
    def providers(self) -> Providers:
        return self.control.services.payments

    async def recharge(self, owner: SignedIn, **asked: Any) -> dict[str, Any]:
        """A recharge by Stripe with a page to pay on, unless told else."""
        reply = await owner.client.post("/api/recharges", json={"method": "stripe", **asked})
        assert reply.status_code == 201, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    async def checkout_of(self, recharge: dict[str, Any]) -> str:
        async with self.control.services.pool.acquire() as connection:
            found = await connection.fetchval("SELECT checkout_ref FROM recharge WHERE id = $1", UUID(recharge["id"]))
        return str(found)

    async def act(self, action: str, recharge: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Have something happen at the provider, and wait until we have received what it tells of it."""
        checkout = await self.checkout_of(recharge)
        told = await asyncio.to_thread(self.simulated.act, action, checkout, **more)
        await asyncio.to_thread(self.simulated.wait_received)
        return told

    async def set(self, **changes: Any) -> None:
        await asyncio.to_thread(self.simulated.set, **changes)

    async def wait_for_state(self, owner: SignedIn, recharge: dict[str, Any], state: str) -> None:
        """A copy of an event is answered before the first one has been applied."""
        async with asyncio.timeout(15):
            while await self.state(owner, recharge) != state:
                await asyncio.sleep(0.02)

    async def state(self, owner: SignedIn, recharge: dict[str, Any]) -> str:
        return str((await owner.client.get(f"/api/recharges/{recharge['id']}")).json()["state"])

    async def payment(self, owner: SignedIn) -> dict[str, Any]:
        """The newest payment of the account."""
        answer: dict[str, Any] = (await owner.client.get("/api/payments")).json()["data"][0]
        return answer

    async def money(self, owner: SignedIn) -> tuple[float, float]:
        """Balance and debt in whole units; for comparing only."""
        async with self.control.services.pool.acquire() as connection:
            row = await connection.fetchrow(
                "SELECT balance_nano, coalesce(owed_nano, 0) AS owed_nano FROM account"
                " LEFT JOIN receivable ON account_id = id WHERE id = $1",
                owner.account_id,
            )
        assert row is not None
        return row["balance_nano"] / 1e9, row["owed_nano"] / 1e9


@asynccontextmanager
async def running_shop(database: TestDatabase, policy: Policy | None = None, **faults: Any) -> AsyncIterator[Shop]:
    """`faults` are options of the simulated providers (farebox.simulator.payments.options)."""
    policy = policy or Policy(recharge=SALE)
    simulated = await asyncio.to_thread(start_payments, products=[PRODUCT, FREE_PRODUCT], **faults)
    try:
        async with running_control(database, policy, stripe=simulated.stripe, creem=simulated.creem) as control:
            await asyncio.to_thread(
                simulated.set,
                stripe_webhook=f"{control.base_url}/webhooks/stripe",
                creem_webhook=f"{control.base_url}/webhooks/creem",
            )
            yield Shop(control, simulated)
    finally:
        await asyncio.to_thread(simulated.stop)


def with_recharge(policy: Policy | None = None, **changes: Any) -> Policy:
    """A policy that sells, with other rules of recharging."""
    policy = policy or Policy()
    return msgspec.structs.replace(policy, recharge=msgspec.structs.replace(SALE, **changes))


def some_key() -> dict[str, str]:
    """A header that makes a request repeatable."""
    return {"idempotency-key": uuid4().hex}
