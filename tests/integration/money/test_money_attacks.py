"""What somebody would try, or a provider get wrong: nothing is credited twice, and nobody has more than was paid."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.support.aftersale import charge_lots
from tests.support.payment_facts import DOLLAR, NOON, about, books_of, money_of, new_account, new_recharge, paid
from tests.support.payments import CREEM_SECRET, STRIPE_SECRET
from tests.support.postgres import TestDatabase
from tests.support.shop import Shop, running_shop

from farebox.accounts.service import close
from farebox.audit.record import COMMAND
from farebox.domain.errors import ActionRefused, LedgerError
from farebox.domain.money import MAX_NANO
from farebox.domain.policies.money import RefundPolicy
from farebox.domain.policy import Policy
from farebox.kit.logging import get_logger
from farebox.ledger.leaving import Leaving
from farebox.ledger.verify import verify
from farebox.payments.books import Books
from farebox.payments.fact import DisputeTold, PaymentFact, RefundTold
from farebox.payments.merging import apply_fact
from farebox.payments.reconcile import reconcile_wash
from farebox.payments.refunds import ask_refund, end_manual_refund
from farebox.storage.database import Connection, connect
from farebox.worker.reconciliation import Reconciliation


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: a shop and its providers on one machine."""
    return "asyncio"


@pytest.fixture
async def connection(database: TestDatabase) -> AsyncIterator[Connection]:
    opened = await connect(database.app_url, application_name="test-money")
    yield opened
    await whole(opened, books_of())
    await opened.close()


async def whole(connection: Connection, books: Books) -> None:
    """Every invariant of the ledger holds, and the wash book is what payments say."""
    assert (await verify(connection)).problems == []
    assert await reconcile_wash(connection, books, get_logger("test")) == []


async def buyer(connection: Connection, books: Books, **terms: Any) -> tuple[UUID, PaymentFact, UUID]:
    """An account that has paid 100 dollars, the fact of that, and the payment's id."""
    account_id = await new_account(connection, books)
    fact = paid(await new_recharge(connection, books, account_id, **terms))
    await apply_fact(connection, books, fact)
    found: UUID = await connection.fetchval("SELECT id FROM payment WHERE ref = $1", fact.payment_ref)
    return account_id, fact, found


def disputed(fact: PaymentFact, state: Any, **more: Any) -> PaymentFact:
    told = DisputeTold(ref=f"dp_{fact.payment_ref}", gross_minor=10_000, state=state)
    return about(fact, dispute=told, **more)


def refunded(fact: PaymentFact, ref: str, minor: int) -> PaymentFact:
    return about(fact, refund=RefundTold(ref=ref, gross_minor=minor, state="succeeded"))


async def test_a_refund_and_a_dispute_of_one_payment_take_it_once(connection: Connection) -> None:
    """Spent, refunded and charged back: the debt is what was paid, once; the dispute won leaves the refund."""
    books = books_of(Policy(refund=RefundPolicy(refuse_with_open_dispute=False)))
    account_id, fact, payment_id = await buyer(connection, books)
    assert await charge_lots(connection, books.ids, account_id, 60 * DOLLAR)
    for told in (refunded(fact, "re_1", 7_000), disputed(fact, "open"), refunded(fact, "re_2", 7_000)):
        await apply_fact(connection, books, told)
        with pytest.raises(ActionRefused):
            await ask_refund(
                connection, books, payment_id, COMMAND, amount_nano=50 * DOLLAR, reason="more than is left"
            )
    assert await money_of(connection, account_id) == (0, 60 * DOLLAR)
    await apply_fact(connection, books, disputed(fact, "won"))
    # Seventy dollars twice of a hundred: all of it went back, whatever became of the dispute.
    assert await money_of(connection, account_id) == (0, 60 * DOLLAR)


async def test_a_dispute_in_the_currency_of_a_bank_does_not_make_the_payment_wrong(connection: Connection) -> None:
    """Told before the payment itself, it takes the payment back and leaves its currency to those who know it."""
    books = books_of()
    account_id = await new_account(connection, books)
    fact = paid(await new_recharge(connection, books, account_id))
    await apply_fact(connection, books, disputed(fact, "open", currency="EUR"))
    await apply_fact(connection, books, fact)
    assert await connection.fetchval("SELECT problem FROM payment") == ""
    assert await money_of(connection, account_id) == (0, 0)
    await apply_fact(connection, books, disputed(fact, "won", currency="EUR"))
    assert await money_of(connection, account_id) == (100 * DOLLAR, 0)


async def test_old_events_after_the_end_change_nothing(connection: Connection) -> None:
    """A closed account whose money has gone back gets no credit from whatever is told again."""
    books = books_of()
    account_id, fact, payment_id = await buyer(connection, books, bonus_nano=5 * DOLLAR)
    told = [about(fact, state="pending"), fact, disputed(fact, "inquiry"), disputed(fact, "inquiry_closed")]
    for each in told:
        await apply_fact(connection, books, each)
    await ask_refund(connection, books, payment_id, COMMAND, amount_nano=None, reason="closed")
    await close(connection, account_id, "asked for")
    entries = await connection.fetchval("SELECT count(*) FROM entry")
    for each in (*told, *reversed(told)):
        await apply_fact(connection, books, each)
    assert await connection.fetchval("SELECT count(*) FROM entry") == entries
    assert await money_of(connection, account_id) == (0, 0)


async def test_a_refund_by_hand_that_is_told_twice_is_one(connection: Connection) -> None:
    """Somebody says that it is done, with whatever reference, and the provider tells of it afterwards."""
    books = books_of()
    account_id, fact, payment_id = await buyer(connection, books, method="creem", product="prod_1")
    for number in range(2):
        made = await ask_refund(connection, books, payment_id, COMMAND, amount_nano=20 * DOLLAR, reason="asked for")
        await connection.execute("UPDATE payment_refund SET state = 'manual' WHERE id = $1", made.id)
        told = refunded(fact, f"re_{number}", 2_000)
        if number:
            await apply_fact(connection, books, told)
        else:
            await end_manual_refund(connection, books, made.id, COMMAND, is_done=True, ref="slip 4711", note="by hand")
        await apply_fact(connection, books, told)
        assert await money_of(connection, account_id) == ((80 - 20 * number) * DOLLAR, 0)


async def test_amounts_that_nothing_can_hold_are_refused(connection: Connection) -> None:
    """Zero, less than zero and more than the ledger holds are errors that say so, and change nothing."""
    books = books_of()
    account_id, fact, payment_id = await buyer(connection, books)
    for amount_nano in (0, -DOLLAR, MAX_NANO, 2**63):
        with pytest.raises(ActionRefused):
            await ask_refund(connection, books, payment_id, COMMAND, amount_nano=amount_nano, reason="")
        with pytest.raises(LedgerError):
            await Leaving("USD", books.ids).pay_out(
                connection, account_id, amount_nano, f"{amount_nano}", currency="USD", reference="r", operator="op"
            )
    huge = msgspec.structs.replace(
        fact, payment_ref="pi_huge", recharge_id=None, price_minor=10**15, gross_minor=10**15, occurred_at=NOON
    )
    with pytest.raises(LedgerError, match="more than this ledger can hold"):
        await apply_fact(connection, books, huge)
    assert await connection.fetchval("SELECT count(*) FROM payment") == 1
    assert await money_of(connection, account_id) == (100 * DOLLAR, 0)


def signed(provider: str, body: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """An event as its provider would send it."""
    raw, now_s = json.dumps(body).encode(), int(time.time())
    if provider == "creem":
        return raw, {"creem-signature": hmac.digest(CREEM_SECRET.encode(), raw, "sha256").hex()}
    mark = hmac.digest(STRIPE_SECRET.encode(), f"{now_s}.".encode() + raw, hashlib.sha256).hex()
    return raw, {"stripe-signature": f"t={now_s},v1={mark}"}


def stripe_event(number: int, kind: str, **members: Any) -> dict[str, Any]:
    return {
        "id": f"evt_{number}",
        "type": kind,
        "created": int(time.time()),
        "livemode": False,
        "data": {
            "object": {"object": "x", "created": int(time.time()), "livemode": False, "currency": "usd", **members}
        },
    }


async def send(shop: Shop, provider: str, body: dict[str, Any]) -> int:
    raw, headers = signed(provider, body)
    return (await shop.control.public.post(f"/webhooks/{provider}", content=raw, headers=headers)).status_code


async def test_what_a_provider_gets_wrong_and_what_gets_lost(database: TestDatabase) -> None:
    """Impossible amounts and times become cases, not errors; lost refunds and disputes are found by comparing."""
    async with running_shop(database) as shop:
        owner = await shop.control.member()
        recharges = [await shop.recharge(owner, method=method, amount="20") for method in ("stripe", "creem", "stripe")]
        for recharge in recharges:
            await shop.act("pay", recharge)
        assert await shop.money(owner) == (60.0, 0.0)
        events = [
            stripe_event(number, "refund.created", id="re", charge="ch_1", status="succeeded", **members)
            for number, members in enumerate([{"amount": 2**63}, {"amount": 10**15 + 1}, {"amount": -1}, {"amount": 0}])
        ]
        events.append(
            stripe_event(9, "charge.dispute.created", id="dp", charge="ch_1", amount=5, reason="", status="new")
        )
        events.append({**events[0], "id": "evt_10", "created": 2**62})
        for body in events:
            assert await send(shop, "stripe", body) == 200
        async with shop.control.services.pool.acquire() as connection:
            rows = await connection.fetch("SELECT outcome, count(*) FROM payment_event GROUP BY 1 ORDER BY 1")
            assert ("unreadable", len(events)) in [tuple(row) for row in rows]
            assert await connection.fetchval("SELECT count(*) FROM review_case WHERE status = 'open'") == len(events)
            assert await shop.money(owner) == (60.0, 0.0)

            await shop.set(drop=1.0)
            # As if the payment had been told of some time before; sums of refunds go by time.
            await connection.execute("UPDATE payment SET refunded_at = refunded_at + interval '1 hour'")
            await shop.act("refund", recharges[0], amount=500)
            await shop.act("refund", recharges[1], amount=300)
            await shop.act("dispute", recharges[2])
            await Reconciliation(shop.books, shop.providers, get_logger("test")).work(connection)
            assert await shop.money(owner) == (32.0, 0.0)
            await shop.act("win", recharges[2])
            await Reconciliation(shop.books, shop.providers, get_logger("test")).work(connection)
            assert await shop.money(owner) == (52.0, 0.0)
            await asyncio.to_thread(shop.simulated.resend)
            assert await shop.money(owner) == (52.0, 0.0)
            await whole(connection, shop.books)
