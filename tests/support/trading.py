"""Accounts that buy, spend, give back, dispute and close at random, several at once; what they should have in the end.

async with trading(database, tmp_path) as market:
    await market.run(seed)                 # everything happens, some of it at the same time
    await market.settle_down(seed)         # what was lost or is late arrives
    await market.compare()                 # with the books of the simulated providers
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
from tests.support.control import SignedIn
from tests.support.postgres import TestDatabase
from tests.support.shop import SALE, Shop, running_shop
from tests.support.tills import a_till, call, ending, voiding
from tests.support.trade_books import CENT, Customer, compare

from farebox.accounts import service as accounts
from farebox.domain.errors import CommandError, LedgerError
from farebox.domain.policies.money import ClosingPolicy, WithdrawalPolicy
from farebox.domain.policy import Policy
from farebox.kit.logging import get_logger
from farebox.till.operations import Admitted
from farebox.till.till import Till
from farebox.worker.payment_poll import PaymentPoll
from farebox.worker.reconciliation import Reconciliation

DOLLAR = 10**9
POLICY = Policy(
    recharge=msgspec.structs.replace(SALE, open_recharges=1000),
    withdrawal=WithdrawalPolicy(allowed="always", two_people_above="1000000"),
    closing=ClosingPolicy(without_breach="return"),
)
# What may be answered to a wish that is in order, by what has happened meanwhile.
_ANSWERS = (200, 201, 403, 404, 409, 422, 429, 502, 503)
_PAYMENTS = "SELECT id FROM payment WHERE account_id = $1 AND state = 'paid' ORDER BY id"
_DUPLICATES = "SELECT id, ref FROM payment WHERE account_id = $1 AND problem = 'duplicate' ORDER BY id"
_BY_HAND = """
SELECT payment_refund.id, payment_refund.gross_minor, payment.ref FROM payment_refund
JOIN payment ON payment.id = payment_id WHERE account_id = $1 AND payment_refund.state = 'manual'
"""
# Duties leave what was tried just now alone for a while.
_LONG_AGO = (
    "UPDATE payment_event SET received_at = now() - interval '1 day', tried_at = NULL WHERE applied_at IS NULL",
    "UPDATE payment_refund SET created_at = now() - interval '1 day', tried_at = NULL WHERE state = 'asked'",
    "UPDATE recharge SET looked_up_at = NULL, created_at = now() - interval '1 hour'",
)


class Market:
    """Customers of one shop with one till."""

    def __init__(self, shop: Shop, till: Till, staff: SignedIn, second: SignedIn) -> None:
        self.shop = shop
        self._till = till
        self._staff = staff
        self._second = second  # approves what the first has asked for
        self._customers: list[Customer] = []
        self._all: list[Customer] = []

    # ---- what happens ------------------------------------------------------------------------------------------------

    async def run(self, seed: int, *, customers: int = 2, steps: int = 16) -> None:
        """New customers, each with what it does and what is done to it at the same time, and duties beside them."""
        chance = Random(seed)
        faults = {"copies": chance.choice((1, 2, 5)), "reorder": chance.choice((0, 4, 1000)), "seed": seed}
        await self.shop.set(**faults, drop=chance.choice((0.0, 0.3)), delay_ms=chance.choice((0, 20)), retry_ms=50)
        self._customers = [await self._new_customer() for _ in range(customers)]
        self._all += self._customers
        courses = [self._duties(chance.randrange(2**32), steps // 4)]
        for customer in self._customers:
            await self.recharge(customer, chance)
            courses += [
                self._course(customer, deeds, chance.randrange(2**32), steps)
                for deeds in (self._own_deeds(), self._others_deeds())
            ]
        await asyncio.gather(*courses)

    async def _course(self, customer: Customer, deeds: "_Deeds", seed: int, steps: int) -> None:
        chance = Random(seed)
        for _ in range(steps):
            (deed,) = chance.choices([deed for deed, _ in deeds], [weight for _, weight in deeds])
            await deed(customer, chance)

    def _own_deeds(self) -> "_Deeds":
        return ((self.recharge, 4), (self.recharge_twice, 1), (self.spend, 8), (self.close, 0.3))

    def _others_deeds(self) -> "_Deeds":
        return (
            (self.refund_over_there, 3),
            (self.refund, 4),
            (self.refund_by_hand, 2),
            (self.accept, 2),
            (self.dispute, 2),
            (self.decide, 3),
            (self.adjust, 4),
            (self.give, 1),
            (self.expire, 1),
            (self.unfreeze, 3),
            (self.pay_out, 2),
        )

    async def _duties(self, seed: int, turns: int) -> None:
        chance = Random(seed)
        for _ in range(turns):
            await asyncio.sleep(chance.random() / 10)
            async with self.shop.control.services.pool.acquire() as connection:
                await PaymentPoll(self.shop.books, self.shop.providers, get_logger("test"), age_s=0).work(connection)
                for customer in self._customers:
                    await self.shop.books.ledger.collect(connection, customer.account_id)

    async def recharge(self, customer: Customer, chance: Random) -> None:
        wish: dict[str, Any] = {"method": "stripe", "amount": f"{chance.randrange(500, 5000) / 100:.2f}"}
        if chance.random() < 0.3:
            wish = {"method": "stripe", "package": "ten"}
        elif chance.random() < 0.4:
            wish["method"] = "creem"
        answer = await self._post(customer.owner, "/api/recharges", wish)
        if answer.status_code != 201:
            return
        told = answer.json()
        checkout = told["checkout_url"].rsplit("/", 1)[1]
        customer.checkouts.append(checkout)
        if "package" in wish:
            customer.packages.add(told["id"])
        await self._pay(checkout, chance)

    async def recharge_twice(self, customer: Customer, chance: Random) -> None:
        """A second checkout for a recharge, which our side would not make."""
        found = [each for each in await self._purchases(customer) if each["provider"] == "stripe"]
        if not found or customer.is_closing:
            return
        first = chance.choice(found)
        form = {
            "mode": "payment",
            "success_url": "http://127.0.0.1/",
            "client_reference_id": first["request_id"],
            "metadata[recharge_id]": first["request_id"],
            "payment_intent_data[metadata][recharge_id]": first["request_id"],
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "usd",
            "line_items[0][price_data][unit_amount]": str(first["price_minor"]),
            "line_items[0][price_data][product_data][name]": "credits",
        }
        settings = self.shop.simulated.stripe
        answer = await self.shop.control.services.http.post(
            f"{settings.api_base}/v1/checkout/sessions",
            data=form,
            headers={"authorization": f"Bearer {settings.secret_key}"},
        )
        checkout = answer.json()["id"]
        customer.checkouts.append(checkout)
        await self._pay(checkout, chance)

    async def _pay(self, checkout: str, chance: Random) -> None:
        how = chance.random()
        if how < 0.1:
            await self._act("expire", checkout)
        elif how < 0.2:
            await self._act("decline", checkout)
            await self._act("pay", checkout)
        elif how < 0.4:
            await self._act("pay_later", checkout)
            await self._act(chance.choice(("settle", "settle", "bounce")), checkout)
        elif how < 0.95:
            await self._act("pay", checkout)

    async def spend(self, customer: Customer, chance: Random) -> None:
        """Several calls at once; most end with a charge at or below the hold, some above it."""

        async def one(price_nano: int, part: float) -> None:
            asked = call(customer.account_id, customer.key_id, price_nano)
            admitted = await self._till.admit(asked)
            if not isinstance(admitted, Admitted):
                return
            await asyncio.sleep(part / 50)
            if part < 0.1:
                await self._till.void(voiding(asked))
            else:
                settled = await self._till.settle(ending(asked, int(price_nano * part)))
                customer.jobs.append((asked.job_id, settled.charge_nano))
                self._till.delivered(asked.job_id)

        prices = [chance.choice((1, 7 * CENT, DOLLAR, 9 * DOLLAR)) for _ in range(chance.randrange(1, 5))]
        await asyncio.gather(*(one(price, chance.choice((0.05, 0.5, 1.0, 1.0, 1.3))) for price in prices))

    async def refund_over_there(self, customer: Customer, chance: Random) -> None:
        if not customer.checkouts:
            return
        checkout = chance.choice(customer.checkouts)
        more = {"amount": chance.randrange(1, 1500)} if chance.random() < 0.7 else {}
        if chance.random() < 0.7:
            await self._act("refund", checkout, **more)
        elif await self._act("refund_later", checkout, **more):
            # Creem does not tell of a refund that failed.
            is_done = chance.random() < 0.5 or checkout.startswith("ch_")
            await self._act("complete_refund" if is_done else "fail_refund", checkout)

    async def refund(self, customer: Customer, chance: Random) -> None:
        payment_id = await self._payment(customer, chance)
        if payment_id is None:
            return
        wish: dict[str, Any] = {"reason": "asked for"}
        if chance.random() < 0.6:
            wish["amount"] = f"{chance.randrange(1, 1500) / 100:.2f}"
        await self._post(self._staff, f"/admin/payments/{payment_id}/refund", wish)

    async def refund_by_hand(self, customer: Customer, chance: Random) -> None:
        """Somebody makes the waiting refunds over there, and says so before or after the provider does."""
        async with self.shop.control.services.pool.acquire() as connection:
            rows = await connection.fetch(_BY_HAND, customer.account_id)
        for row in rows:
            is_done = await self._act("refund", row["ref"], amount=row["gross_minor"])
            if not is_done or chance.random() < 0.5:
                told = {"outcome": "done" if is_done else "given_up", "note": "by hand"}
                await self._post(self._staff, f"/admin/payments/refunds/{row['id']}/end", told)

    async def accept(self, customer: Customer, chance: Random) -> None:
        """The customer wants a payment that was made twice as credit."""
        async with self.shop.control.services.pool.acquire() as connection:
            rows = await connection.fetch(_DUPLICATES, customer.account_id)
        if rows:
            row = chance.choice(rows)
            answer = await self._post(self._staff, f"/admin/payments/{row['id']}/credit", {"reason": "as they prefer"})
            if answer.status_code == 200:
                customer.accepted.add(row["ref"])

    async def dispute(self, customer: Customer, chance: Random) -> None:
        if customer.checkouts:
            more = {"amount": chance.randrange(1, 3000)} if chance.random() < 0.3 else {}
            action = chance.choice(("dispute", "dispute", "inquire"))
            await self._act(action, chance.choice(customer.checkouts), **more)

    async def decide(self, customer: Customer, chance: Random) -> None:
        for checkout in customer.checkouts:
            await self._act(chance.choice(("win", "win", "lose")), checkout)

    async def adjust(self, customer: Customer, chance: Random) -> None:
        charged = [(job_id, nano) for job_id, nano in customer.jobs if nano]
        if not charged:
            return
        job_id, nano = chance.choice(charged)
        part_nano = chance.choice((nano, max(1, nano // 3)))
        async with self.shop.control.services.pool.acquire() as connection:
            with suppress(LedgerError):
                posted = await self.shop.books.ledger.adjust(
                    connection, customer.account_id, job_id, part_nano, str(uuid4()), reason="wrong", operator="test"
                )
                customer.adjusted_nano += posted.amount_nano

    async def give(self, customer: Customer, chance: Random) -> None:
        nano = chance.choice((1, DOLLAR, 3 * DOLLAR))
        expires_at = datetime.now(UTC) + timedelta(seconds=chance.choice((-1, 3600)))
        async with self.shop.control.services.pool.acquire() as connection:
            await self.shop.books.ledger.credit(
                connection, customer.account_id, nano, "promo", str(uuid4()), expires_at=expires_at
            )
        customer.given_nano += nano

    async def expire(self, customer: Customer, chance: Random) -> None:
        del chance
        async with self.shop.control.services.pool.acquire() as connection:
            await self.shop.books.ledger.expire_lots(connection, customer.account_id)

    async def unfreeze(self, customer: Customer, chance: Random) -> None:
        del chance
        async with self.shop.control.services.pool.acquire() as connection:
            with suppress(CommandError):
                await accounts.unfreeze(connection, customer.account_id, "")

    async def pay_out(self, customer: Customer, chance: Random) -> None:
        """The withdrawal that is open, or a new one: approved, and then paid or not."""
        wish = {"account_id": str(customer.account_id), "kind": "payout", "amount": "1", "destination": "IBAN"}
        await self._post(self._staff, "/admin/withdrawals", wish)
        async with self.shop.control.services.pool.acquire() as connection:
            found = await connection.fetch("SELECT id FROM withdrawal WHERE account_id = $1", customer.account_id)
        for row in found:
            path = f"/admin/withdrawals/{row['id']}"
            await self._post(self._second, f"{path}/approve", {})
            if chance.random() < 0.5:
                await self._post(self._staff, f"{path}/give-back", {"note": "the bank refused it"})
            else:
                await self._post(self._staff, f"{path}/paid", {"reference": str(row["id"])})

    async def close(self, customer: Customer, chance: Random) -> None:
        del chance
        customer.is_closing = True
        wish = {"account_id": str(customer.account_id), "has_breach": False, "reason": "asked for"}
        await self._post(self._staff, "/admin/closings", wish)
        await self._decide_closing(customer)

    async def _decide_closing(self, customer: Customer) -> None:
        async with self.shop.control.services.pool.acquire() as connection:
            found = await connection.fetchval("SELECT id FROM closing WHERE account_id = $1", customer.account_id)
        if found is not None:
            await self._post(self._staff, f"/admin/closings/{found}/decide", {"treatment": "return"})

    # ---- what comes of it --------------------------------------------------------------------------------------------

    async def settle_down(self, seed: int) -> None:
        """Everything late arrives; what was lost is found by asking, or sent again where nobody could find it."""
        shop = self.shop
        await shop.set(copies=1, reorder=0, drop=0.0, delay_ms=0)
        await asyncio.to_thread(shop.simulated.flush)
        finds_lost = Random(seed).random() < 0.5
        for told in await asyncio.to_thread(shop.simulated.deliveries):
            # Of a refund and a chargeback of one payment Creem's list does not say which was how much.
            if told["is_dropped"] and not told["is_received"] and (told["provider"] == "creem" or not finds_lost):
                await asyncio.to_thread(shop.simulated.resend, told["id"])
        await asyncio.to_thread(shop.simulated.wait_for, _is_quiet, 60)
        for turn in range(2):
            for customer in self._customers:
                await self.refund_by_hand(customer, Random(turn))
            await asyncio.to_thread(shop.simulated.wait_for, _is_quiet, 60)
            await self._decide_disputes()
            async with shop.control.services.pool.acquire() as connection:
                for statement in _LONG_AGO:
                    await connection.execute(statement)
                await PaymentPoll(shop.books, shop.providers, get_logger("test"), age_s=0).work(connection)
                await Reconciliation(shop.books, shop.providers, get_logger("test")).work(connection)
                for customer in self._customers:
                    await shop.books.ledger.collect(connection, customer.account_id)
                # An ending that found the database busy waits in the spool for a moment.
                async with asyncio.timeout(30):
                    while await connection.fetchval("SELECT count(*) FROM hold"):
                        await asyncio.sleep(0.02)
            await asyncio.to_thread(shop.simulated.wait_for, _is_quiet, 60)

    async def _decide_disputes(self) -> None:
        """What Creem does not tell, an operator has read there."""
        states = {"won": "won", "lost": "lost"}
        for purchase in await asyncio.to_thread(self.shop.simulated.purchases):
            state = states.get((purchase["dispute"] or {}).get("state", ""))
            if purchase["provider"] != "creem" or state is None:
                continue
            async with self.shop.control.services.pool.acquire() as connection:
                found = await connection.fetchval(
                    "SELECT dispute.id FROM dispute JOIN payment ON payment.id = payment_id WHERE payment.ref = $1"
                    " AND decision <> $2",
                    purchase["payment_id"],
                    state,
                )
            if found is not None:
                told = {"decision": state, "note": "read there"}
                await self._post(self._staff, f"/admin/disputes/{found}/decide", told)

    async def compare(self) -> None:
        """All of it with the books of the simulated providers (trade_books.py)."""
        purchases = await asyncio.to_thread(self.shop.simulated.purchases)
        async with self.shop.control.services.pool.acquire() as connection:
            await compare(connection, self.shop.books, self._all, purchases)

    # ---- how it is done ----------------------------------------------------------------------------------------------

    async def _new_customer(self) -> Customer:
        owner, key_id = await self.shop.control.member(), uuid4()
        async with self.shop.control.services.pool.acquire() as connection:
            await connection.execute(
                "INSERT INTO api_key (id, account_id, kind, prefix, hash) VALUES ($1, $2, 'live', 'fb', $3)",
                key_id,
                owner.account_id,
                key_id.bytes,
            )
        return Customer(owner, key_id)

    async def _act(self, action: str, purchase: str, **more: Any) -> bool:
        """Whether the simulated provider could do it."""
        return await asyncio.to_thread(self.shop.simulated.attempt, action, purchase, **more)

    async def _post(self, who: SignedIn, path: str, body: dict[str, Any]) -> httpx.Response:
        answer = await who.client.post(path, json=body)
        assert answer.status_code in _ANSWERS, (path, body, answer.status_code, answer.text)
        return answer

    async def _payment(self, customer: Customer, chance: Random) -> UUID | None:
        async with self.shop.control.services.pool.acquire() as connection:
            rows = await connection.fetch(_PAYMENTS, customer.account_id)
        return chance.choice(rows)["id"] if rows else None

    async def _purchases(self, customer: Customer) -> list[dict[str, Any]]:
        found = await asyncio.to_thread(self.shop.simulated.purchases)
        return [purchase for purchase in found if purchase["checkout_id"] in customer.checkouts]


_Deeds = tuple[tuple[Callable[[Customer, Random], Awaitable[None]], float], ...]


def _is_quiet(told: list[dict[str, Any]]) -> bool:
    return all(one["is_received"] or one["is_dropped"] for one in told)


@asynccontextmanager
async def trading(database: TestDatabase, spool_dir: Path) -> AsyncIterator[Market]:
    """A market without anybody in it yet."""
    async with (
        running_shop(database, POLICY, attempts=20) as shop,
        a_till(database.app_url, spool_dir) as till,
    ):
        yield Market(shop, till, await shop.control.operator(), await shop.control.operator())
