"""Recharges over HTTP, paid at simulated providers whose webhooks come many times and in any order: the books agree."""

import asyncio
from typing import Any

import pytest
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.payments import PaymentsProcess, running_payments
from tests.support.postgres import TestDatabase

from farebox.domain.policies.money import Package, RechargePolicy
from farebox.domain.policy import Policy

POLICY = Policy(
    recharge=RechargePolicy(
        stripe="automatic",
        creem="automatic",
        packages=(Package(id="ten", credit="10", price_minor=1000, currency="USD", creem_product="prod_ten"),),
        creem_free_product="prod_free",
        open_recharges=20,
    )
)
PRODUCTS = [{"id": "prod_ten", "price": 1000}, {"id": "prod_free", "price": 100}]
CENT_NANO = 10**7
WASHED = "SELECT coalesce(-sum(amount_nano), 0)::bigint FROM entry WHERE book = 'wash' AND detail = $1"
BALANCE = "SELECT balance_nano FROM account WHERE id = $1"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Plain: the first request makes the application, and steering the simulator blocks the loop."""
    return "asyncio"


TEN = {"package": "ten"}
# What is bought, and what then happens to it: an action, or one with an amount.
STORIES: tuple[tuple[dict[str, str], list[Any]], ...] = (
    ({"amount": "23.45"}, ["pay"]),
    (TEN, ["pay"]),
    (TEN, ["pay", ("refund", 250), ("refund", 333)]),
    (TEN, ["pay", ("refund", 400), "refund"]),
    (TEN, ["pay", "dispute"]),
    (TEN, ["pay", "dispute", "lose"]),
    (TEN, []),
)


async def buy(member: SignedIn, method: str, **what: Any) -> dict[str, Any]:
    """A recharge with its page to pay on."""
    answer = await member.client.post("/api/recharges", json={"method": method, **what})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def received(payments: PaymentsProcess) -> None:
    """Everything that the providers had to tell has been taken in, every copy of it."""
    copies = int(payments.options()["copies"])

    def all_copies(told: list[dict[str, Any]]) -> bool:
        return all(one["statuses"].count(200) >= copies for one in told)

    await asyncio.to_thread(payments.wait_for, all_copies, 60)


async def washed_minor(control: RunningControl, provider: str) -> int:
    async with control.services.pool.acquire() as connection:
        nano: int = await connection.fetchval(WASHED, f"{provider}:USD")
    return nano // CENT_NANO


async def balance_minor(control: RunningControl, member: SignedIn) -> int:
    async with control.services.pool.acquire() as connection:
        nano: int = await connection.fetchval(BALANCE, member.account_id)
    return nano // CENT_NANO


@pytest.mark.parametrize("faults", [{}, {"copies": 4, "reorder": 8, "seed": 1}, {"reorder": 1000, "seed": 2}])
async def test_the_ledger_agrees_with_what_the_providers_say(database: TestDatabase, faults: dict[str, Any]):
    """Payments, refunds in parts and whole, disputes kept, won and lost: after all events both sides hold the same."""
    with running_payments(products=PRODUCTS, retry_ms=50, attempts=20) as payments:
        async with running_control(database, POLICY, stripe=payments.stripe, creem=payments.creem) as control:
            hooks = {f"{name}_webhook": f"{control.base_url}/webhooks/{name}" for name in ("stripe", "creem")}
            payments.set(**hooks, **faults)
            member = await control.member()
            # All is bought first: a dispute freezes the account.
            bought = [
                (await buy(member, method, **what), actions)
                for method in ("stripe", "creem")
                for what, actions in STORIES
            ]
            for recharge, actions in bought:
                await live(payments, recharge["checkout_url"], actions)
            await asyncio.to_thread(payments.flush)
            await received(payments)
            books = payments.books()
            kept = 0
            for method in ("stripe", "creem"):
                told = books[method]["USD"]
                left = told["paid"] - told["refunded"] - told["withdrawn"]
                assert await washed_minor(control, method) == left
                kept += left
            assert await balance_minor(control, member) == kept == 2 * (1000 + 417 + 2345)


async def live(payments: PaymentsProcess, url: str, actions: list[Any]) -> None:
    checkout = url.rsplit("/", 1)[1]
    for action in actions:
        name, amount = action if isinstance(action, tuple) else (action, None)
        more = {} if amount is None else {"amount": amount}
        await asyncio.to_thread(payments.act, name, checkout, **more)
