"""Two things that move one account's money in the same moment: together never more than was paid.

Other races stand where they belong: twenty copies of one event and two reviewers in payments/test_payments_shop.py, two
approvals in aftersale/test_aftersale_refunds.py, a freeze that commits during a batch in till/test_till_batches.py.
"""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.support.gateway import MODEL, Shop, running_gateway
from tests.support.payment_facts import DOLLAR, about, books_of, money_of, new_account, new_recharge, paid
from tests.support.postgres import TestDatabase
from tests.support.scripted_provider import DONE, HEAD, ScriptedProvider, finish, scripted_provider, text, usage
from tests.support.shop import running_shop
from tests.support.tills import a_till, call, ending

from farebox.accounts.service import freeze
from farebox.audit.record import COMMAND
from farebox.catalog.admin import change_price
from farebox.domain.errors import ActionRefused
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.logging import get_logger
from farebox.ledger.verify import verify
from farebox.payments.books import Books
from farebox.payments.fact import DisputeTold, PaymentFact
from farebox.payments.merging import apply_fact
from farebox.payments.reconcile import reconcile_wash
from farebox.payments.refunds import ask_refund
from farebox.storage.database import Connection, connect
from farebox.till.operations import Admitted
from farebox.till.till import Till
from farebox.worker.payment_poll import PaymentPoll


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: many connections at once, each with everything that happens."""
    return "asyncio"


async def spend(till: Till, account_id: UUID, key_id: UUID, price_nano: int) -> int:
    """Calls until one is refused or enough were made; what they were charged."""
    charged_nano = 0
    for _ in range(8):
        asked = call(account_id, key_id, price_nano)
        if not isinstance(await till.admit(asked), Admitted):
            break
        await asyncio.sleep(0)
        charged_nano += (await till.settle(ending(asked, price_nano))).charge_nano
        till.delivered(asked.job_id)
    return charged_nano


async def refund(connection: Connection, books: Books, payment_id: UUID, amount_nano: int | None) -> int:
    """Refunds until one is refused or enough were made; how many cents went back."""
    minor = 0
    for _ in range(4):
        try:
            made = await ask_refund(connection, books, payment_id, COMMAND, amount_nano=amount_nano, reason="asked for")
        except ActionRefused:
            break
        minor += made.gross_minor
    return minor


async def new_key(connection: Connection, account_id: UUID) -> UUID:
    key_id = uuid4()
    await connection.execute(
        "INSERT INTO api_key (id, account_id, kind, prefix, hash) VALUES ($1, $2, 'live', 'fb', $3)",
        key_id,
        account_id,
        key_id.bytes,
    )
    return key_id


async def a_payment(connection: Connection, books: Books, **terms: Any) -> tuple[UUID, PaymentFact, UUID]:
    """An account that has paid 100 dollars, the fact of that, and the payment's id."""
    account_id = await new_account(connection, books)
    fact = paid(await new_recharge(connection, books, account_id, **terms))
    await apply_fact(connection, books, fact)
    found: UUID = await connection.fetchval("SELECT id FROM payment WHERE ref = $1", fact.payment_ref)
    return account_id, fact, found


@pytest.mark.parametrize("is_disputed", [False, True])
async def test_refunds_while_jobs_spend_give_back_what_is_left(
    database: TestDatabase, tmp_path: Path, is_disputed: bool
) -> None:
    """What jobs were charged, what went back and what is left are what was paid; a dispute takes what is there yet."""
    books = books_of()
    connections = [await connect(database.app_url, application_name="test-money") for _ in range(6)]
    account_id, fact, payment_id = await a_payment(connections[0], books)
    key_id = await new_key(connections[0], account_id)
    # More than there is, even without what is spent.
    amounts = (7 * DOLLAR, 333 * DOLLAR // 100, 5 * DOLLAR, 11 * DOLLAR, 9 * DOLLAR)

    async def dispute() -> int:
        if is_disputed:
            told = DisputeTold(ref="dp_1", gross_minor=10_000, state="open")
            await apply_fact(connections[5], books, about(fact, dispute=told))
        return 0

    async with a_till(database.app_url, tmp_path) as till:
        spending = [spend(till, account_id, key_id, nano) for nano in (DOLLAR, 3 * DOLLAR, 99 * DOLLAR // 100)]
        refunding = [
            refund(connection, books, payment_id, amount)
            for connection, amount in zip(connections[:5], amounts, strict=True)
        ]
        done = await asyncio.gather(*spending, *refunding, dispute())
    rest = await refund(connections[0], books, payment_id, None)
    charged_nano, refunded_nano = sum(done[:3]), (sum(done[3:]) + rest) * DOLLAR // 100
    balance_nano, owed_nano = await money_of(connections[0], account_id)
    assert (await verify(connections[0])).problems == []
    assert await reconcile_wash(connections[0], books, get_logger("test")) == []
    taken_nano = 100 * DOLLAR if is_disputed else refunded_nano
    assert charged_nano + taken_nano + balance_nano - owed_nano == 100 * DOLLAR
    assert charged_nano + refunded_nano <= 100 * DOLLAR
    assert is_disputed or owed_nano == 0
    for connection in connections:
        await connection.close()


async def test_a_dispute_that_comes_before_the_provider_took_the_refund(database: TestDatabase) -> None:
    """Reserved, unanswered, disputed: the refund is refused over there, and a dispute that is won brings all back."""
    async with running_shop(database) as shop:
        owner, staff = await shop.control.member(), await shop.control.operator("money:write")
        recharge = await shop.recharge(owner, amount="20")
        await shop.act("pay", recharge)
        await shop.set(api_status=503)
        address = f"/admin/payments/{(await shop.payment(owner))['id']}/refund"
        asked = await staff.client.post(address, json={"amount": "5", "reason": "asked for"})
        assert (asked.status_code, asked.json()["state"], await shop.money(owner)) == (201, "asked", (15.0, 0.0))
        await shop.act("dispute", recharge)
        assert await shop.money(owner) == (0.0, 0.0)
        await shop.set(api_status=None)
        async with shop.control.services.pool.acquire() as connection:
            await connection.execute("UPDATE payment_refund SET tried_at = now() - interval '1 hour'")
            await PaymentPoll(shop.books, shop.providers, get_logger("test"), age_s=0).work(connection)
            assert await connection.fetchval("SELECT state FROM payment_refund") == "failed"
        assert await shop.money(owner) == (0.0, 0.0)
        await shop.act("win", recharge)
        assert await shop.money(owner) == (20.0, 0.0)
        async with shop.control.services.pool.acquire() as connection:
            assert (await verify(connection)).problems == []
            assert await reconcile_wash(connection, shop.books, get_logger("test")) == []


# ---- a call that runs while somebody decides ------------------------------------------------------------------------


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with scripted_provider() as running:
        yield running


@pytest.fixture
def catalogue(database: TestDatabase) -> Iterator[Shop]:
    made = Shop(database)
    yield made
    made.close()


def read_until(connection: socket.socket, mark: bytes) -> bytes:
    received = b""
    while mark not in received:
        piece = connection.recv(65536)
        assert piece, received
        received += piece
    return received


def test_a_freeze_and_a_price_change_during_a_stream(
    database: TestDatabase, catalogue: Shop, provider: ScriptedProvider
) -> None:
    """What runs ends as it began: at the price it was admitted at, and charged; the next call is refused."""
    catalogue.sell(provider.base_url)
    account_id = catalogue.account()
    with running_gateway(database) as gateway:
        gateway.key = catalogue.key(account_id)
        client = gateway.begin(stream=True)
        provider.request()
        provider.send(HEAD, text("hello"))
        read_until(client, b"hello")
        dearer = PerTokenCard(prices=TokenPrices(input=50_000_000, output=90_000_000))
        catalogue.do(lambda connection: change_price(connection, MODEL, lambda _: dearer, None))
        catalogue.do(lambda connection: freeze(connection, account_id, "looked into"))
        assert catalogue.balance(account_id)[1] > 0
        refused = gateway.chat()
        assert (refused.status, refused.code) == (403, "account_frozen")
        provider.send(text("there"), finish(), usage(9, 2), DONE)
        provider.close()
        told = read_until(client, b"[DONE]")
        client.close()
        assert b"there" in told
        job = catalogue.only_job()
        assert (job["outcome"], job["charge_nano"]) == ("completed", 9 * 1000 + 2 * 2000)
        receipt = catalogue.rows("SELECT version FROM rate_card WHERE id = $1", job["rate_card_id"])
        assert [row["version"] for row in receipt] == [1]
    assert catalogue.balance(account_id) == (10 * DOLLAR - job["charge_nano"], 0)
